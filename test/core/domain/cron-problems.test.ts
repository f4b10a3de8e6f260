// cspell:ignore perodicity
import { describe, expect, it, test } from 'vitest';
import { type CronContext, cronSchema, loadCron } from '../../../lib/core/domain/cron-schema.ts';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { kindOf } from '../../../lib/core/domain/json-text.ts';
import { MAX_PARAMETER_BYTES } from '../../../lib/core/domain/parameter-size.ts';
import type { Problem } from '../../../lib/core/domain/problem.ts';

const good = { name: 'heartbeat', periodicity: '@daily' };

function problemsOf(input: unknown, context: CronContext = { uid: 'a' }): readonly Problem[] {
  return attempt(() => loadCron(input, context)).problems;
}

const placesOf = (problems: readonly Problem[]) => problems.map(({ where }) => where);

describe('loadCron with an invalid definition', () => {
  test.each([
    ['text', 'backup'],
    ['a tag twice', ['a', 'b', 'a']],
    ['eleven tags', [...'abcdefghijk']],
    ['a tag of 33 characters', ['x'.repeat(33)]],
    ['an upper-case letter', ['A']],
    ['two dashes in a row', ['a--b']],
    ['a dash at the end', ['a-']],
    ['an empty tag', ['']],
    ['a number', [1]],
  ])('Tags are refused with one problem: %s', (_, tags) => {
    expect(placesOf(problemsOf({ ...good, tags }))).toEqual(['tags']);
  });

  test.each([
    ['uid', 'q!', '"q!"', '1 to 36 letters, digits, "_" and "-"', 'Choose such a uid.'],
    [
      'name',
      undefined,
      'nothing',
      'the name of a runner',
      'Name the runner that does the task, such as "heartbeat".',
    ],
    [
      'periodicity',
      undefined,
      'nothing',
      'five fields of crontab(5), or a nickname such as "@daily"',
      'Write when it runs, such as "0 3 * * *" for every day at three.',
    ],
    [
      'activated',
      'yes',
      '"yes"',
      'true or false',
      'Write true or false without quotes, or leave it out for true.',
    ],
    ['logsLimit', 99, '99', 'a whole number from 1 to 25', 'Choose one of these, or leave it out for 5.'],
    ['user', 7, '7', 'text of 1 to 256 characters', 'Name the user, or leave it out.'],
    [
      'timezone',
      7,
      '7',
      'the name of a time zone, such as "Europe/Paris" or "UTC"',
      "Name one, or leave it out for the crontab's.",
    ],
    [
      'overlap',
      'never',
      '"never"',
      '"skip", "buffer" or "allow"',
      'Choose one of these, or leave it out for "skip".',
    ],
    [
      'tags',
      ['ok', 'Not ok'],
      '["ok","Not ok"]',
      'a list of at most 10 different tags, each of lower-case letters, digits and single dashes between them, at most 32',
      'Correct it, such as ["backup", "shop-eu"], or leave it out.',
    ],
    ['missed', '', '""', '"once", "all" or "skip"', 'Choose one of these, or leave it out for "once".'],
    [
      'maxLateness',
      '32d',
      '"32d"',
      '60 seconds to 31 days: whole seconds, or text such as "90s", "5m", "2h", "1d"',
      'Choose such a time, or leave it out for one day.',
    ],
    [
      'timeout',
      '20m',
      '"20m"',
      '1 to 870 seconds: whole seconds, or text such as "90s" or "5m"',
      'Choose such a time, or leave it out for 5 minutes.',
    ],
  ])(
    'The problem of the field %s with the value %j says what the field takes',
    (where, value, got, wanted, fix) => {
      expect(problemsOf({ uid: 'a', ...good, [where]: value }, {})).toEqual([{ where, got, wanted, fix }]);
    },
  );

  it('loadCron reports every problem at once', () => {
    const text = `{
      "uid": "q!", "perodicity": "@daily", "logsLimit": 99, "timezone": "Paris", "timeout": "20m", "environ": "x",
      "overlap": "never", "missed": "", "activated": "yes", "user": 7, "maxLateness": "32d", "xyz": 1
    }`;
    const problems = problemsOf(text);
    expect(placesOf(problems)).toEqual([
      'uid',
      'name',
      'periodicity',
      'environ',
      'activated',
      'logsLimit',
      'user',
      'timezone',
      'overlap',
      'missed',
      'maxLateness',
      'timeout',
      'perodicity',
      'xyz',
      'uid',
    ]);
    expect(problems[7]?.fix).toContain('"Europe/Paris"');
    expect(problems[12]?.fix).toContain('"periodicity"');
    expect(problems[13]?.wanted).toContain(Object.keys(cronSchema.shape).join(', '));
    expect(problems[14]?.wanted).toContain('"a"');
  });

  test.each([
    ['logsLimit', 0],
    ['logsLimit', 26],
    ['logsLimit', 1.5],
    ['logsLimit', '5'],
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
    ['environ', []],
    ['timezone', ''],
    ['timezone', '+02:00'],
    ['uid', ''],
    ['uid', null],
    ['uid', 'x'.repeat(37)],
    ['uid', 'a.b'],
    ['__proto__', 1],
  ])('loadCron rejects the field %s with the value %j', (key, value) => {
    const entry = `{"name": "x", "periodicity": "@daily", ${JSON.stringify(key)}: ${JSON.stringify(value)}}`;
    const text = ['name', 'periodicity'].includes(key) ? JSON.stringify({ ...good, [key]: value }) : entry;
    const places = placesOf(problemsOf(text, {}));
    expect(places.filter((where) => where !== 'uid').length).toBe(key === 'uid' ? 0 : 1);
    expect(places).toContain(key);
  });

  test.each(['"text"', '[]', 'null', '5'])('loadCron rejects %s, which is not an object', (text) => {
    expect(problemsOf(text)).toMatchObject([{ where: 'value', got: kindOf(JSON.parse(text)) }]);
  });

  it('loadCron rejects a uid that differs from the uid under which the cron is saved', () => {
    expect(problemsOf({ ...good, uid: 'b' })).toEqual([
      {
        where: 'uid',
        got: '"b"',
        wanted: '"a", the uid under which it is saved',
        fix: 'Leave "uid" out; to give a cron another uid, save it under that uid.',
      },
    ]);
  });

  it('loadCron rejects a cron that is saved under an invalid uid', () => {
    expect(problemsOf(good, { uid: 'a b' })).toEqual(problemsOf({ ...good, uid: 'a b' }, {}));
    expect(problemsOf(good, { uid: 'a b' })).toMatchObject([{ where: 'uid', got: '"a b"' }]);
  });

  it('loadCron rejects a definition of more than 8192 bytes, as text and as an object', () => {
    const tooLong = (bytes: number) => ({
      where: 'value',
      got: `${bytes} bytes`,
      wanted: 'at most 8192 bytes',
      fix: 'Store long texts elsewhere, and refer to them in "environ".',
    });
    const long = { ...good, environ: { x: 'é'.repeat(4000) } };
    const text = JSON.stringify(long);
    const padded = (bytes: number) => text + ' '.repeat(bytes - new TextEncoder().encode(text).length);
    expect(problemsOf(padded(MAX_PARAMETER_BYTES))).toEqual([]);
    expect(problemsOf(padded(MAX_PARAMETER_BYTES + 1))).toEqual([tooLong(MAX_PARAMETER_BYTES + 1)]);
    expect(problemsOf(`{${'x'.repeat(9000)}`)).toEqual([tooLong(9001)]);
    expect(problemsOf(long)).toEqual([]);
    expect(problemsOf({ ...long, user: 'é'.repeat(100) })).toEqual([tooLong(8272)]);
  });

  it('loadCron reports at most 25 problems and the number of the others', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`unknown-${index}`, index]));
    const problems = problemsOf({ ...good, ...many });
    expect(problems).toHaveLength(26);
    expect(problems.at(-1)).toMatchObject({ where: 'value', got: expect.stringMatching(/^35 /) });
  });
});
