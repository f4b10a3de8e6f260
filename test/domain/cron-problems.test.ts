import { describe, expect, it, test } from 'vitest';
import { type CronContext, loadCron, MOST_BYTES } from '../../lib/domain/cron-schema.ts';
import { InvalidError } from '../../lib/domain/errors.ts';
import { problemText } from '../../lib/domain/problem.ts';

const good = { name: 'heartbeat', periodicity: '@daily' };

function messages(input: unknown, context: CronContext = { uid: 'a' }): string[] {
  try {
    loadCron(input, context);
  } catch (error) {
    if (error instanceof InvalidError) return error.problems.map(problemText);
    throw error;
  }
  return [];
}

describe('A cron that is not valid is told', () => {
  const keys =
    'uid, name, periodicity, environ, activated, logsLimit, user, timezone, overlap, missed, maxLateness, timeout';

  it('all that is wrong at once', () => {
    const text = `{
      "uid": "q!", "perodicity": "@daily", "logsLimit": 99, "timezone": "Paris", "timeout": "20m", "environ": "x",
      "overlap": "never", "missed": "", "activated": "yes", "user": 7, "maxLateness": "32d", "xyz": 1
    }`;
    expect(messages(text)).toEqual([
      'uid: got "q!", wanted 1 to 36 letters, digits, "_" and "-". Choose such a uid.',
      'name: got nothing, wanted the name of a runner. Say which runner does the task, such as "heartbeat".',
      'periodicity: got nothing, wanted five fields of crontab(5), or a nickname such as "@daily". Say when it runs, such as "0 3 * * *" for every day at three.',
      'environ: got text, wanted a JSON object. Write an object, such as {"url": "https://…"}.',
      'activated: got "yes", wanted true or false. Write true or false without quotes, or leave it out for true.',
      'logsLimit: got 99, wanted a whole number from 1 to 25. Choose one of these, or leave it out for 5.',
      'user: got 7, wanted text of 1 to 256 characters. Name the user, or leave it out.',
      'timezone: got "Paris", wanted the name of a time zone, such as "Europe/Paris" or "UTC". Did you mean "Europe/Paris"?',
      'overlap: got "never", wanted "skip", "buffer" or "allow". Choose one of these, or leave it out for "skip".',
      'missed: got "", wanted "once", "all" or "skip". Choose one of these, or leave it out for "once".',
      'maxLateness: got "32d", wanted 60 seconds to 31 days: whole seconds, or text such as "90s", "5m", "2h", "1d". Choose such a time, or leave it out for one day.',
      'timeout: got "20m", wanted 1 to 870 seconds: whole seconds, or text such as "90s" or "5m". Choose such a time, or leave it out for 5 minutes.',
      `perodicity: got an unknown key, wanted one of ${keys}. Did you mean "periodicity"?`,
      `xyz: got an unknown key, wanted one of ${keys}. Take it away, or put it into "environ" if it is for the runner.`,
      'uid: got "q!", wanted "a", as its place is called. Leave "uid" out; to give a cron another uid, save it under that name.',
    ]);
  });

  test.each([
    ['logsLimit', 0],
    ['logsLimit', 26],
    ['logsLimit', 1.5],
    ['logsLimit', '5'],
    ['logsLimit', null],
    ['timeout', 0],
    ['timeout', 871],
    ['timeout', '0s'],
    ['timeout', '15m'],
    ['timeout', '5 minutes'],
    ['timeout', 0.5],
    ['maxLateness', 59],
    ['maxLateness', 31 * 86_400 + 1],
    ['maxLateness', '1w'],
    ['activated', 'true'],
    ['activated', 1],
    ['user', ''],
    ['user', 'x'.repeat(257)],
    ['name', '  '],
    ['name', 7],
    ['name', 'x'.repeat(257)],
    ['periodicity', 5],
    ['periodicity', '* * * *'],
    ['environ', null],
    ['environ', []],
    ['timezone', ''],
    ['timezone', '+02:00'],
    ['uid', ''],
    ['uid', null],
    ['uid', 'x'.repeat(37)],
    ['uid', 'a.b'],
    ['__proto__', 1],
  ])('when its %s is %j', (key, value) => {
    const entry = `{"name": "x", "periodicity": "@daily", ${JSON.stringify(key)}: ${JSON.stringify(value)}}`;
    const text = ['name', 'periodicity'].includes(key) ? JSON.stringify({ ...good, [key]: value }) : entry;
    const found = messages(text, {});
    expect(found.filter((one) => !one.startsWith('uid')).length).toBe(key === 'uid' ? 0 : 1);
    expect(found.some((one) => one.startsWith(`${key}: `))).toBe(true);
  });

  test.each([
    ['text', '"text"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '5'],
  ])('when it is %s', (got, text) => {
    expect(messages(text)).toEqual([
      `value: got ${got}, wanted a JSON object. Write an object with ${keys}.`,
    ]);
  });

  it('when its place says another uid, or one that does not fit', () => {
    expect(messages({ ...good, uid: 'b' })).toEqual([
      'uid: got "b", wanted "a", as its place is called. Leave "uid" out; to give a cron another uid, save it under that name.',
    ]);
    expect(messages(good, { uid: 'a b' })).toEqual([
      'uid: got "a b", wanted 1 to 36 letters, digits, "_" and "-". Choose such a uid.',
    ]);
  });

  it('when it is too long, in bytes, as text and as an object', () => {
    const message = (bytes: number) =>
      `value: got ${bytes} bytes, wanted at most 8192 bytes. Keep what is long elsewhere, and refer to it in "environ".`;
    const long = { ...good, environ: { x: 'é'.repeat(4000) } };
    const text = JSON.stringify(long);
    const padded = (bytes: number) => text + ' '.repeat(bytes - new TextEncoder().encode(text).length);
    expect(messages(padded(MOST_BYTES))).toEqual([]);
    expect(messages(padded(MOST_BYTES + 1))).toEqual([message(MOST_BYTES + 1)]);
    expect(messages(`{${'x'.repeat(9000)}`)).toEqual([message(9001)]);
    expect(messages(long)).toEqual([]);
    expect(messages({ ...long, user: 'é'.repeat(100) })).toEqual([message(8272)]);
  });

  it('no more than a person reads', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`unknown-${index}`, index]));
    const found = messages({ ...good, ...many });
    expect(found).toHaveLength(26);
    expect(found.at(-1)).toBe('value: got 35 more problems, wanted none. Mend these first.');
  });
});
