// cspell:ignore nigthly
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { changesText } from '../../../lib/app/operations/field-changes.ts';
import { type FieldChange, ReadOnlyError } from '../../../lib/core/domain/errors.ts';
import { cronNotFound, siteNotFound } from '../../../lib/core/domain/not-found.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

/** The definition of the latest version, as it is written in the parameter. */
async function definitionOf(uid: string): Promise<unknown> {
  return (await t.jsonOf('history', uid)).versions[0].definition;
}

it('Without a catalogue add, edit, plan and apply check the form alone, and say so', async () => {
  const { catalogue } = folderOf(t.dir);
  rmSync(catalogue);
  const note = 'this folder has no valid catalogue of its runners';
  expect(await t.outputOf('add', 'backup', '@daily', '--uid', 'a')).toContain(note);
  expect(await t.outputOf('edit', 'a', '--set', 'all=true')).toContain(note);
  expect(await t.outputOf('add', 'heartbeat', '@daily', '--uid', 'b')).not.toContain(note);
  const file = join(t.dir, 'crons.yaml');
  writeFileSync(
    file,
    'crons:\n  - {uid: a, name: backup, periodicity: "@hourly"}\n  - {uid: c, name: backup, periodicity: "@daily"}\n',
  );
  expect(await t.outputOf('plan', file)).toContain(note);
  const { steps } = await t.jsonOf('apply', file);
  expect(steps.map(({ warnings }: { warnings: string[] }) => warnings)).toEqual(
    Array(2).fill([expect.stringContaining(note)]),
  );
});

describe('cloudtab add', () => {
  it('cloudtab add creates a cron with the given fields and runner settings, and names it', async () => {
    const line = ['add', 'http', '30 2 * * *', '--uid', 'nightly', '--timezone', 'Europe/Paris', '--off'];
    const settings = [
      '--set',
      'url=https://example.com/x',
      'headers={a: b}',
      '--timeout',
      '90s',
      '--logs-limit',
      '9',
    ];
    expect(await t.cloudtab(...line, ...settings)).toBe(0);
    expect(t.out).toMatch(/^.*"nightly".*\n$/);
    expect(await t.jsonOf('show', 'nightly')).toMatchObject({
      uid: 'nightly',
      name: 'http',
      periodicity: '30 2 * * *',
      timezone: 'Europe/Paris',
      environ: { url: 'https://example.com/x', headers: { a: 'b' } },
      activated: false,
      timeout: 90,
      logsLimit: 9,
    });
  });

  it('cloudtab add reads a bare number as seconds and leaves a field with an empty text at its default', async () => {
    const times = ['--timeout', '60', '--max-lateness', '3600', '--logs-limit', '', '--timezone', ''];
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a', ...times)).toBe(0);
    expect(await definitionOf('a')).toEqual({
      name: 'heartbeat',
      periodicity: '@daily',
      timeout: 60,
      maxLateness: 3600,
    });
    expect((await t.jsonOf('add', 'heartbeat', '@daily', '--timeout', '1000')).error.problems).toMatchObject([
      { where: 'timeout', got: '1000' },
    ]);
  });

  it('cloudtab add generates a uid when none is given, and prints it as JSON and in its message', async () => {
    const { cron, message } = await t.jsonOf('add', 'heartbeat', '@daily');
    expect(cron.uid).toMatch(/^[\w-]{10,36}$/);
    expect(message).toContain(`"${cron.uid}"`);
  });

  it('cloudtab add prints every problem on a line of its own and suggests the nearest runner', async () => {
    expect(await t.cloudtab('add', 'hearbeat', '61 * * * *', '--logs-limit', 'many')).toBe(2);
    expect(t.err.trimEnd().split('\n').sort()).toEqual([
      expect.stringMatching(/^cloudtab: logsLimit: got "many"/),
      expect.stringMatching(/^cloudtab: name: got "hearbeat".*"heartbeat"/),
      expect.stringMatching(/^cloudtab: periodicity: got "61"/),
    ]);
  });

  it.each([
    [
      ['--environ', '[1]'],
      `--environ: got "[1]", wanted a JSON object. Write --environ '{"url": "https://…"}'.`,
    ],
    [['--environ', '{'], '--environ: got "{", wanted JSON or YAML. Quote text that has special characters.'],
    [['--set', 'url'], '--set: got "url", wanted key=value. Write --set url=https://….'],
  ])('cloudtab add rejects %s and explains the accepted form', async (options, message) => {
    expect(await t.cloudtab('add', 'http', '@daily', ...options)).toBe(2);
    expect(t.err).toContain(`cloudtab: ${message}\n`);
  });

  it('cloudtab add creates a new site only with --new-site', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--site', 'shop')).toBe(1);
    const { message } = siteNotFound('shop', ['default'], t.dir);
    expect(t.err).toBe(`cloudtab: ${message} To create it, add --new-site.\n`);
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--site', 'shop', '--new-site')).toBe(0);
    expect(await t.cloudtab('add', 'heartbeat', '@daily', '--site', 'shop')).toBe(0);
  });
});

describe('cloudtab edit with options', () => {
  it('cloudtab edit changes the given fields and keeps the other settings', async () => {
    t.write('a', { ...DAILY, environ: { message: 'hi', seconds: 1, warn: 'kept' } });
    const periodicity = ['--periodicity', '@hourly'];
    expect(await t.cloudtab('edit', 'a', '--unset', 'secnods')).toBe(2);
    expect(t.err).toContain(
      '--unset: got "secnods", wanted a setting that the cron has. Did you mean "seconds"?',
    );
    const output = await t.outputOf('edit', 'a', ...periodicity, '--set', 'message=ho', '--unset', 'seconds');
    const changes: FieldChange[] = [
      { field: 'environ.message', kind: 'changed' },
      { field: 'environ.seconds', kind: 'removed' },
      { field: 'periodicity', kind: 'changed', was: '@daily', is: '@hourly' },
    ];
    expect(output).toContain(changesText(changes));
    expect(await definitionOf('a')).toEqual({
      name: 'heartbeat',
      periodicity: '@hourly',
      environ: { message: 'ho', warn: 'kept' },
    });
    const { cron } = await t.jsonOf('edit', 'a', '--on', '--environ', '{seconds: 2}');
    expect(cron).toMatchObject({ periodicity: '@hourly', environ: { seconds: 2 }, activated: true });
  });

  it('cloudtab edit --tag replaces all tags, show and runs name them, and an empty one removes them', async () => {
    t.write('a', { ...DAILY, tags: ['old'] });
    await t.cloudtab('edit', 'a', '--tag', 'eu', 'mail', '--description', 'Sends mail');
    expect(await definitionOf('a')).toEqual({ ...DAILY, tags: ['eu', 'mail'], description: 'Sends mail' });
    expect(await t.outputOf('show', 'a')).toMatch(/^about +Sends mail\ntags +eu, mail$/m);
    expect(await t.jsonOf('runs', '--tag', 'eu')).toEqual({ site: 'default', runs: [] });
    expect((await t.jsonOf('edit', 'a', '--tag', 'Not A tag')).error.problems).toMatchObject([
      { where: 'tags' },
    ]);
    await t.cloudtab('edit', 'a', '--tag', '', '--description', '');
    expect(await definitionOf('a')).toEqual(DAILY);
  });

  it('cloudtab edit resets an optional field to its default when the given text is empty, and its help says so', async () => {
    t.write('a', { ...DAILY, timezone: 'Europe/Paris', user: 'ann', timeout: 60 });
    await t.cloudtab('edit', 'a', '--timezone', '', '--user', '', '--timeout', '');
    expect(await definitionOf('a')).toEqual(DAILY);
    const { error } = await t.jsonOf('edit', 'a', '--periodicity', '');
    expect(error.problems).toMatchObject([{ where: 'periodicity' }]);
    expect(await t.outputOf('edit', '--help')).toContain(
      'An empty value resets an optional field to its default',
    );
  });

  it('cloudtab edit suggests the nearest uid for an unknown one, or lists the uids of the site', async () => {
    t.write('nightly', DAILY);
    expect(await t.cloudtab('edit', 'nigthly', '--off')).toBe(1);
    expect(await t.cloudtab('edit', 'backup', '--off')).toBe(1);
    expect(t.err).toBe(
      ['nigthly', 'backup']
        .map((uid) => `cloudtab: ${cronNotFound({ site: 'default', uid }, ['nightly'], t.dir).message}\n`)
        .join(''),
    );
  });
});

it('cloudtab edit without options opens the editor that EDITOR names', async () => {
  vi.stubEnv('VISUAL', '');
  vi.stubEnv('EDITOR', 'sed -i s/daily/hourly/');
  onTestFinished(() => void vi.unstubAllEnvs());
  t.write('a', DAILY);
  expect(await t.cloudtab('edit', 'a')).toBe(0);
  expect(await definitionOf('a')).toMatchObject({ periodicity: '@hourly' });
});

describe('messages', () => {
  it('Messages are broken between words at the width of a terminal, and not broken elsewhere', async () => {
    t.write('a', DAILY);
    await t.cloudtab('edit', 'a', '--periodicity', '@hourly');
    await t.cloudtab('edit', 'a', '--periodicity', 'never');
    const { out: line, err: errorLine } = t;
    expect(line).toMatch(/^.{60,}\n$/);
    expect(errorLine).toMatch(/^cloudtab: periodicity: .{60,}\n$/);
    Object.assign(t, { out: '', err: '' });
    t.atTerminal(30);
    await t.cloudtab('edit', 'a', '--periodicity', '@daily');
    await t.cloudtab('rollback', 'a', '1');
    await t.cloudtab('off', 'a');
    await t.cloudtab('off', '--all');
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'b');
    await t.cloudtab('run', 'a', '--no-wait');
    await t.cloudtab('run', 'a');
    // A wider word, such as the id of a run, stays whole on a line of its own.
    expect(t.out.split('\n').filter((line) => line.length > 30 && line.includes(' '))).toEqual([]);
    const changes: FieldChange[] = [{ field: 'periodicity', kind: 'changed', was: '@hourly', is: '@daily' }];
    expect(t.out.replaceAll('\n', ' ')).toContain(changesText(changes));
    await t.cloudtab('edit', 'a', '--periodicity', 'never');
    expect(Math.max(...t.err.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(30);
    expect(t.err.trimEnd().replaceAll('\n', ' ')).toBe(errorLine.trimEnd());
  });
});

describe('cloudtab rm, on and off', () => {
  it('cloudtab rm, on and off change several crons at once and count only those that they changed', async () => {
    for (const uid of ['a', 'b', 'c']) t.write(uid, DAILY);
    expect(await t.jsonOf('off', 'a', 'b')).toMatchObject({ changed: true, done: ['a', 'b'] });
    expect(await t.jsonOf('on', 'a')).toMatchObject({ changed: true, done: ['a'] });
    expect(await t.jsonOf('on', 'a')).toMatchObject({ changed: false, done: ['a'] });
    expect(await t.outputOf('on', 'a', 'b')).toMatch(/^.*\b1\b.*\b1\b.*\n$/);
    expect(await t.outputOf('on', 'a', 'b')).toMatch(/^.*\b2\b.*\n$/);
    expect(await t.jsonOf('off', 'b')).toMatchObject({ changed: true, done: ['b'] });
    expect(await t.jsonOf('off', 'b')).toMatchObject({ changed: false, done: ['b'] });
    expect(await t.outputOf('rm', 'a', 'c')).toMatch(/^.*\b2\b.*\n$/);
    expect((await t.jsonOf('ls')).crons).toMatchObject([{ uid: 'b', activated: false }]);
    expect(await t.jsonOf('rm', 'b')).toMatchObject({ done: ['b'], refused: [] });
  });

  it('cloudtab rm keeps the run records, so a cron that is added again has them', async () => {
    t.write('a', DAILY);
    await t.cloudtab('run', 'a');
    const { logs } = await t.jsonOf('show', 'a');
    expect(logs).toHaveLength(1);
    await t.cloudtab('rm', 'a');
    expect(await t.cloudtab('show', 'a')).toBe(1);
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    expect((await t.jsonOf('show', 'a')).logs).toEqual(logs);
  });

  it('cloudtab rm removes nothing when some of the uids do not exist, and reports each of them', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('rm', 'backup', 'a', 'report', 'backup')).toBe(1);
    const messages = ['backup', 'report'].map(
      (uid) => `cloudtab: ${cronNotFound({ site: 'default', uid }, ['a'], t.dir).message}\n`,
    );
    expect(t.err).toBe(messages.join(''));
    expect((await t.jsonOf('ls')).crons).toHaveLength(1);
  });

  it('The JSON of on and off has a field for a note that was not kept', async () => {
    for (const uid of ['a', 'b']) t.write(uid, DAILY);
    const note = ['--note', 'holidays'];
    expect(await t.jsonOf('off', 'a', ...note)).not.toHaveProperty('noteLost');
    expect(await t.jsonOf('off', 'a', 'b', ...note)).toMatchObject({ done: ['a', 'b'], noteLost: true });
    expect(await t.jsonOf('off', '--all', ...note)).not.toHaveProperty('noteLost');
    expect(await t.jsonOf('off', '--all', ...note)).toMatchObject({ changed: false, noteLost: true });
  });

  it('cloudtab on and off switch the whole crontab with --all, and nothing without it and without a uid', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('off')).toBe(2);
    expect(t.err).toContain(
      'off: got neither a uid nor --all, wanted one of them. "cloudtab off --all" switches',
    );
    t.err = '';
    expect(await t.cloudtab('off', 'a', '--all')).toBe(2);
    expect(t.err).toContain('off: got uids and --all, wanted one of them.');
    expect(await t.jsonOf('ls')).toMatchObject({ activated: true });
    expect(await t.outputOf('off', '--all')).toMatch(/^.*"default".*\n$/);
    expect(await t.jsonOf('ls')).toMatchObject({ activated: false });
    expect(await t.jsonOf('on', '--all')).toMatchObject({ site: 'default', changed: true });
    expect(await t.jsonOf('ls')).toMatchObject({ activated: true, crons: [{ uid: 'a', activated: true }] });
  });

  it('The note of a switch is in the history, beside its author', async () => {
    t.write('a', DAILY);
    await t.cloudtab('off', 'a', '--note', 'the database moves');
    await t.cloudtab('off', '--all', '--note', 'holidays');
    expect((await t.jsonOf('history', 'a')).versions[0].author).toMatch(/: the database moves$/);
    expect((await t.jsonOf('history')).versions[0].author).toMatch(/: holidays$/);
  });

  it('Lists say since when a cron and a crontab are off, who switched them off, and why', async () => {
    t.write('a', DAILY);
    t.write('b', DAILY);
    expect(await t.outputOf('ls')).not.toContain('is off');
    await t.cloudtab('off', 'a', '--note', 'the database moves');
    await t.cloudtab('edit', 'a', '--timeout', '60');
    expect(await t.outputOf('ls')).toMatch(
      /\n– a is off since \d{4}-\S+ [\d:]+ UTC, .* by .*: the database moves\n$/,
    );
    const { crons } = await t.jsonOf('ls');
    expect(crons.map(({ off }: { off?: { note: string } }) => off?.note)).toEqual([
      'the database moves',
      undefined,
    ]);
    expect(await t.outputOf('simulate', '--to', '+1d')).toMatch(
      /\n– a is off since .* by .*: the database moves\n/,
    );
    expect(await t.outputOf('sites')).not.toContain('is off');
    await t.cloudtab('off', '--all', '--note', 'holidays');
    expect((await t.jsonOf('sites')).sites[0].off).toMatchObject({ note: 'holidays' });
    expect((await t.jsonOf('ls')).off).toMatchObject({ note: 'holidays' });
    expect((await t.jsonOf('simulate', '--to', '+1d')).off).toMatchObject({ note: 'holidays' });
    expect(await t.outputOf('simulate', '--to', '+1d')).toMatch(
      /The crontab of default is switched off since .* by .*: holidays: no cron runs\.\n/,
    );
    expect(await t.outputOf('ls')).toMatch(
      /\n– The crontab is off since .*: holidays\n– a is off since .*\n$/,
    );
    expect(await t.outputOf('sites')).toMatch(/\n– default is off since .* by .*: holidays\n$/);
    expect(await t.outputOf('why', 'b', 'tomorrow')).toMatch(/The crontab is off since .*: holidays\./);
    await t.cloudtab('on', '--all');
    expect(await t.outputOf('sites')).not.toContain('is off');
  });

  it('cloudtab restore brings a removed cron back with its last definition and its run records', async () => {
    t.write('a', DAILY);
    await t.cloudtab('run', 'a');
    await t.cloudtab('rm', 'a');
    expect(await t.outputOf('restore', 'a')).toContain(
      'Restored "a" to the crontab of "default". It runs next at',
    );
    expect((await t.jsonOf('show', 'a')).logs).toHaveLength(1);
    expect(await t.cloudtab('restore', 'never')).toBe(1);
    expect(t.out).toContain('cannot be restored');
  });

  it('cloudtab restore brings several crons back, and exits with 1 if one of them is refused', async () => {
    for (const uid of ['a', 'b']) t.write(uid, DAILY);
    await t.cloudtab('rm', 'a', 'b');
    expect(await t.cloudtab('restore', 'a', 'never', 'b', '--json')).toBe(1);
    expect(JSON.parse(t.out.slice(t.out.indexOf('{')))).toMatchObject({
      changed: true,
      done: ['a', 'b'],
      refused: [{ uid: 'never', code: 'not-found' }],
    });
    expect((await t.jsonOf('ls')).crons).toHaveLength(2);
  });

  it('cloudtab restore says how to list the reasons if more crons are refused than the message names', async () => {
    const uids = ['a', 'b', 'c', 'd'];
    for (const uid of uids) t.write(uid, DAILY);
    await t.cloudtab('rm', ...uids);
    for (const uid of uids) t.write(uid, DAILY);
    expect(await t.cloudtab('restore', ...uids)).toBe(1);
    expect(t.out).toContain('And 1 more. --json lists the reasons of all.');
    expect((await t.jsonOf('restore', ...uids)).refused).toHaveLength(4);
  });

  it('cloudtab off and add change nothing in a read-only crontab and exit with 1', async () => {
    t.write('a', DAILY);
    t.write(undefined, { readOnly: true });
    const { message } = new ReadOnlyError('default');
    expect(await t.cloudtab('off', 'a')).toBe(1);
    expect(t.out).toContain(message);
    expect(await t.jsonOf('off', 'a')).toMatchObject({ done: [], refused: [{ uid: 'a', reason: message }] });
    expect(await t.cloudtab('add', 'heartbeat', '@daily')).toBe(1);
    expect(t.err).toBe(`cloudtab: ${message}\n`);
    expect((await t.jsonOf('ls')).crons).toMatchObject([{ uid: 'a', activated: true }]);
  });
});

it.each([
  [['add', 'heartbeat', '@daily', '--on', '--off'], '--on', '--off'],
  [['edit', 'a', '--off', '--on'], '--on', '--off'],
  [['run', 'a', '--wait', '--no-wait'], '--wait', '--no-wait'],
  [['run', 'a', '--no-wait', '--wait'], '--wait', '--no-wait'],
])(
  'The command line %s is rejected because two of its options contradict each other',
  async (args, one, other) => {
    t.write('a', DAILY);
    expect(await t.cloudtab(...args)).toBe(2);
    expect(t.err).toContain(`error: option '${one}' cannot be used with option '${other}'`);
    expect(t.out).toBe('');
  },
);

describe('cloudtab history and rollback', () => {
  it('cloudtab history shows who changed what and when, and rollback restores an earlier version', async () => {
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    await t.cloudtab('edit', 'a', '--periodicity', '@hourly');
    t.write('a', '{"name": "heartbeat", "periodicity": "never"}');
    const [head, latest = '', second] = (await t.outputOf('history', 'a')).split('\n');
    expect(head).toMatch(/^VERSION +WHEN +WHO +WHAT$/);
    expect(latest).toMatch(/^3 \(now\) +(?:now|\S.* ago) +not valid: periodicity$/);
    const changes = changesText([{ field: 'periodicity', kind: 'changed', was: '@daily', is: '@hourly' }]);
    expect(second).toMatch(/^2 +(?:now|\S.* ago) +\S+ +/);
    expect(second).toMatch(new RegExp(` ${changes}$`));
    expect(await t.outputOf('rollback', 'a', '1')).toMatch(/^.*"a".*\b1\b.*\n$/);
    const { versions } = await t.jsonOf('history', 'a');
    expect(versions[0]).toMatchObject({ version: 4, current: true, definition: { periodicity: '@daily' } });
    expect(await t.jsonOf('rollback', 'a', '2')).toMatchObject({ uid: 'a' });
    expect(await t.outputOf('history', 'a', '--absolute')).toMatch(
      /^5 \(now\) +\d{4}-\d\d-\d\d [\d:]+ \w+ /m,
    );
  });

  it('cloudtab history and rollback explain that settings or a version do not exist', async () => {
    expect(await t.cloudtab('history')).toBe(1);
    expect(t.err).toBe('cloudtab: The crontab of "default" has no settings of its own.\n');
    t.write('a', DAILY);
    t.err = '';
    expect(await t.cloudtab('rollback', 'a', 'one')).toBe(2);
    expect(t.err).toBe('cloudtab: VERSION: got "one", wanted a number. See: cloudtab history a\n');
    t.err = '';
    expect(await t.cloudtab('rollback', 'a', '7')).toBe(1);
    expect(t.err).toMatch(/^cloudtab: .*"a".*\b7\b.*\n$/);
    t.write(undefined, { activated: true });
    expect(await t.outputOf('history')).toContain(
      changesText([{ field: 'activated', kind: 'set', is: true }]),
    );
  });
});
