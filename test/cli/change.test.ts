import { describe, expect, it } from 'vitest';
import { typing } from './typed.ts';

const t = typing();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

describe('cloudtab add', () => {
  it('adds a cron with its fields and settings, and says when it runs', async () => {
    const line = ['add', 'http', '30 2 * * *', '--uid', 'nightly', '--timezone', 'Europe/Paris', '--off'];
    const settings = [
      '--set',
      'url=http://localhost:1/x',
      'headers={a: b}',
      '--timeout',
      '90s',
      '--logs-limit',
      '9',
    ];
    expect(await t.cloudtab(...line, ...settings)).toBe(0);
    expect(t.out).toBe('Added "nightly" to the crontab of "default". It is switched off.\n');
    expect(JSON.parse(await t.printed('show', 'nightly', '--json'))).toMatchObject({
      uid: 'nightly',
      timezone: 'Europe/Paris',
      environ: { url: 'http://localhost:1/x', headers: { a: 'b' } },
      activated: false,
      timeout: 90,
      logsLimit: 9,
    });
  });

  it('takes a number of seconds as one, and leaves at its default what is empty', async () => {
    const times = ['--timeout', '60', '--max-lateness', '3600', '--logs-limit', '', '--timezone', ''];
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a', ...times)).toBe(0);
    const [{ definition }] = JSON.parse(await t.printed('history', 'a', '--json')).versions;
    expect(definition).toEqual({
      name: 'heartbeat',
      periodicity: '@daily',
      timeout: 60,
      maxLateness: 3600,
    });
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--timeout', '1000')).toBe(1);
    expect(t.err).toContain('cloudtab: timeout: got 1000, wanted 1 to 870 seconds');
  });

  it('gives a uid to one that has none, and prints JSON for programs', async () => {
    const { cron, message } = JSON.parse(await t.printed('add', 'heartbeat', '@daily', '--json'));
    expect(cron.uid).toMatch(/^[\w-]{10,36}$/);
    expect(message).toContain(`as "${cron.uid}"`);
  });

  it('tells all problems, one a line, and what was probably meant', async () => {
    expect(await t.cloudtab('add', 'hearbeat', '61 * * * *', '--logs-limit', 'many')).toBe(1);
    expect(t.err).toContain('cloudtab: periodicity: got');
    expect(t.err).toContain('cloudtab: logsLimit: got "many"');
    expect(t.err).toContain('Did you mean "heartbeat"?');
    expect(t.err).not.toMatch(/^\s+at /m);
  });

  it.each([
    [['--environ', '[1]'], '--environ: got "[1]", wanted a JSON object.'],
    [['--environ', '{'], '--environ: got "{", wanted JSON or YAML.'],
    [['--set', 'url'], '--set: got "url", wanted key=value.'],
  ])('says what is wrong with %s', async (options, message) => {
    expect(await t.cloudtab('add', 'http', '@daily', ...options)).toBe(1);
    expect(t.err).toContain(`cloudtab: ${message}`);
  });

  it('makes a new site only when told so', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--site', 'shop')).toBe(1);
    expect(t.err).toBe(
      `cloudtab: There is no site "shop" in ${t.dir}. It has: default. To make a new one, add --new-site.\n`,
    );
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--site', 'shop', '--new-site')).toBe(0);
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--site', 'shop')).toBe(0);
  });
});

describe('cloudtab edit with options', () => {
  it('changes the fields that are given, and keeps the other settings', async () => {
    t.write('a', { ...DAILY, environ: { message: 'hi', seconds: 1 } });
    const printed = await t.printed(
      'edit',
      'a',
      '--periodicity',
      '@hourly',
      '--set',
      'message=ho',
      '--unset',
      'seconds',
    );
    expect(printed).toMatch(
      /^The cron "a" of "default" was changed: environ\.message, environ\.seconds, periodicity from "@daily" to "@hourly"\. It runs next at /,
    );
    const { cron } = JSON.parse(await t.printed('edit', 'a', '--on', '--environ', '{seconds: 2}', '--json'));
    expect(cron).toMatchObject({ periodicity: '@hourly', environ: { seconds: 2 }, activated: true });
  });

  it('takes away what is empty, and says so in its help', async () => {
    t.write('a', { ...DAILY, timezone: 'Europe/Paris', user: 'ann', timeout: 60 });
    await t.cloudtab('edit', 'a', '--timezone', '', '--user', '', '--timeout', '');
    const [{ definition }] = JSON.parse(await t.printed('history', 'a', '--json')).versions;
    expect(definition).toEqual(DAILY);
    expect(await t.cloudtab('edit', 'a', '--periodicity', '')).toBe(1);
    expect(t.err).toContain('cloudtab: periodicity: got nothing');
    expect(await t.printed('edit', '--help')).toContain(
      'An empty text leaves an optional field at its default',
    );
  });

  it('says what was meant by a mistyped uid', async () => {
    t.write('nightly', DAILY);
    expect(await t.cloudtab('edit', 'nigthly', '--off')).toBe(1);
    expect(t.err).toBe(
      `cloudtab: There is no cron "nigthly" on the site "default" in ${t.dir}. Did you mean "nightly"?\n`,
    );
  });
});

describe('what is said', () => {
  it('is broken between words on a terminal, and nowhere else', async () => {
    t.write('a', DAILY);
    await t.cloudtab('edit', 'a', '--periodicity', '@hourly');
    await t.cloudtab('edit', 'a', '--periodicity', 'never');
    expect(t.out).toMatch(/^The cron "a" of "default" was changed: .{60,}\.\n$/);
    expect(t.err).toMatch(/^cloudtab: .{80,}\n$/);
    Object.assign(t, { out: '', err: '' });
    t.atTerminal(30);
    await t.cloudtab('edit', 'a', '--periodicity', '@daily');
    await t.cloudtab('rollback', 'a', '1');
    await t.cloudtab('off', 'a');
    await t.cloudtab('off');
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'b');
    await t.cloudtab('run', 'a', '--no-wait');
    await t.cloudtab('run', 'a');
    expect(Math.max(...t.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(30);
    expect(t.out.replaceAll('\n', ' ')).toContain('from "@hourly" to "@daily". It runs next at ');
    await t.cloudtab('edit', 'a', '--periodicity', 'never');
    expect(t.err).toMatch(/^cloudtab: periodicity: got 1\nfield, "never", wanted five\nfields/);
  });
});

describe('cloudtab rm, on and off', () => {
  it('work on several crons at once', async () => {
    for (const uid of ['a', 'b', 'c']) t.write(uid, DAILY);
    expect(await t.printed('off', 'a', 'b')).toBe('Switched off 2 crons.\n');
    expect(await t.printed('on', 'a')).toBe('Switched on 1 cron.\n');
    expect(await t.printed('on', 'a')).toBe('1 cron was switched on already: nothing was changed.\n');
    expect(await t.printed('on', 'a', 'b')).toBe('Switched on 1 cron. 1 cron was switched on already.\n');
    expect(await t.printed('on', 'a', 'b')).toBe('2 crons were switched on already: nothing was changed.\n');
    expect(JSON.parse(await t.printed('off', 'b', '--json'))).toMatchObject({ changed: true, done: ['b'] });
    expect(JSON.parse(await t.printed('off', 'b', '--json'))).toMatchObject({ changed: false, done: ['b'] });
    expect(await t.printed('rm', 'a', 'c')).toBe('Removed 2 crons.\n');
    expect(JSON.parse(await t.printed('ls', '--json')).crons).toMatchObject([{ uid: 'b', activated: false }]);
    expect(JSON.parse(await t.printed('rm', 'b', '--json'))).toMatchObject({ done: ['b'], refused: [] });
  });

  it('remove logs as well: a cron that is added anew begins without any', async () => {
    t.write('a', DAILY);
    t.write('b', DAILY);
    await t.cloudtab('run', 'a');
    await t.cloudtab('run', 'b');
    await t.cloudtab('rm', 'a');
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    expect(await t.printed('logs', 'a')).toBe('default/a has not run yet.\n');
    expect(await t.printed('logs', 'b')).toContain('1/5 last logs');
  });

  it('change nothing when one of the uids was mistyped', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('rm', 'a', 'backup')).toBe(1);
    expect(t.err).toContain('There is no cron "backup"');
    expect(JSON.parse(await t.printed('ls', '--json')).crons).toHaveLength(1);
  });

  it('without a uid switch the whole crontab', async () => {
    t.write('a', DAILY);
    expect(await t.printed('off')).toBe(
      'The crontab of "default" is now switched off: none of its crons runs.\n',
    );
    expect(JSON.parse(await t.printed('on', '--json'))).toMatchObject({ site: 'default', changed: true });
  });

  it('change nothing in a crontab that is read only, and exit with 1', async () => {
    t.write('a', DAILY);
    t.write(undefined, { readOnly: true });
    expect(await t.cloudtab('off', 'a')).toBe(1);
    expect(t.out).toContain('1 cron refused: The crontab of "default" is read only');
    expect(await t.cloudtab('add', 'heartbeat', '@daily')).toBe(1);
    expect(t.err).toContain('read only');
  });
});

it.each([
  [['add', 'heartbeat', '@daily', '--on', '--off'], '--on', '--off'],
  [['edit', 'a', '--off', '--on'], '--on', '--off'],
  [['run', 'a', '--wait', '--no-wait'], '--wait', '--no-wait'],
  [['run', 'a', '--no-wait', '--wait'], '--wait', '--no-wait'],
])('what contradicts itself is not understood: %s', async (args, one, other) => {
  t.write('a', DAILY);
  expect(await t.cloudtab(...args)).toBe(2);
  expect(t.err).toContain(`error: option '${one}' cannot be used with option '${other}'`);
  expect(t.out).toBe('');
});

describe('cloudtab history and rollback', () => {
  it('tell who changed what, and put an earlier version back', async () => {
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    await t.cloudtab('edit', 'a', '--periodicity', '@hourly');
    t.write('a', '{"name": "heartbeat", "periodicity": "never"}');
    const lines = (await t.printed('history', 'a')).split('\n');
    expect(lines[0]).toMatch(/^VERSION +WHEN +WHO +WHAT$/);
    expect(lines[1]).toMatch(/^3 \(now\) +\S.* ago +not valid: periodicity$/);
    expect(lines[2]).toMatch(/^2 +\S.* ago +\S+ +periodicity from "@daily" to "@hourly"$/);
    expect(await t.printed('rollback', 'a', '1')).toBe(
      'The cron "a" of "default" is as in version 1 again.\n',
    );
    const { versions } = JSON.parse(await t.printed('history', 'a', '--json'));
    expect(versions[0]).toMatchObject({ version: 4, current: true, definition: { periodicity: '@daily' } });
    expect(JSON.parse(await t.printed('rollback', 'a', '2', '--json'))).toMatchObject({ uid: 'a' });
    expect(await t.printed('history', 'a', '--absolute')).toMatch(/^5 \(now\) +\d{4}-\d\d-\d\dT[\d:]+Z /m);
  });

  it('explain what is not there', async () => {
    expect(await t.cloudtab('history')).toBe(1);
    expect(t.err).toBe('cloudtab: The crontab of "default" has no settings of its own.\n');
    t.write('a', DAILY);
    t.err = '';
    expect(await t.cloudtab('rollback', 'a', 'one')).toBe(1);
    expect(t.err).toBe('cloudtab: VERSION: got "one", wanted a number. See: cloudtab history a\n');
    t.err = '';
    expect(await t.cloudtab('rollback', 'a', '7')).toBe(1);
    expect(t.err).toBe('cloudtab: The cron "a" of "default" has no version 7.\n');
    t.write(undefined, { activated: true });
    expect(await t.printed('history')).toContain('activated to true');
  });
});
