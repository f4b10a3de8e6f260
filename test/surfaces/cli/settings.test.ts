/** Commands on the crontab as a whole, and on the run records of its crons. */
import { describe, expect, it } from 'vitest';
import { changesText } from '../../../lib/app/operations/field-changes.ts';
import { cronNotFound } from '../../../lib/core/domain/not-found.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();

describe('cloudtab edit without a uid', () => {
  it('cloudtab edit without a uid changes the settings of the crontab', async () => {
    const changed = (was: string, is: string) =>
      changesText([{ field: 'timezone', kind: 'changed', was, is }]);
    t.write(undefined, { timezone: 'UTC' });
    expect(await t.cloudtab('edit', '--timezone', 'Europe/Paris')).toBe(0);
    expect(t.out).toContain(changed('UTC', 'Europe/Paris'));
    expect((await t.jsonOf('ls')).timezone).toBe('Europe/Paris');
    expect((await t.jsonOf('edit', '--timezone', '')).message).toContain(changed('Europe/Paris', 'UTC'));
    expect((await t.jsonOf('ls')).timezone).toBe('UTC');
  });

  it('cloudtab edit --read-only locks the crontab and --no-read-only unlocks it', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '@daily' });
    expect(await t.cloudtab('edit', '--read-only')).toBe(0);
    expect(await t.cloudtab('rm', 'a')).toBe(1);
    expect(await t.cloudtab('edit', '--no-read-only', '--off')).toBe(0);
    expect(await t.jsonOf('ls')).toMatchObject({ activated: false, crons: [{ uid: 'a' }] });
    expect(await t.cloudtab('edit', '--on')).toBe(0);
  });

  it.each([
    ['no option', [], 'nothing'],
    [
      'options that only crons have',
      ['--periodicity', '@daily', '--logs-limit', '3'],
      '--periodicity, --logs-limit',
    ],
  ])('cloudtab edit without a uid and with %s explains which options it accepts', async (_, options, got) => {
    expect(await t.cloudtab('edit', ...options)).toBe(2);
    expect(t.err).toBe(
      `cloudtab: edit: got ${got}, wanted some of --timezone, --on, --off, --read-only and --no-read-only, ` +
        'the settings of the crontab. To edit a cron, add its uid.\n',
    );
  });
});

describe('cloudtab rollback without a uid', () => {
  it('cloudtab rollback without a uid restores earlier settings of the crontab', async () => {
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    await t.cloudtab('edit', '--timezone', 'Europe/Paris');
    await t.cloudtab('edit', '--timezone', 'Asia/Tokyo');
    const { versions } = await t.jsonOf('history');
    const { version } = versions.at(-1);
    expect(await t.jsonOf('rollback', String(version))).toEqual({
      site: 'default',
      message: expect.stringMatching(new RegExp(`"default".*\\b${version}\\b`)),
    });
    expect((await t.jsonOf('ls')).timezone).toBe('Europe/Paris');
    expect(await t.cloudtab('rollback', 'nightly')).toBe(2);
    expect(t.err).toMatch(/^cloudtab: VERSION: got "nightly".* cloudtab history\n$/);
  });
});

describe('cloudtab runs --delete', () => {
  it('cloudtab runs --delete deletes nothing when an id does not exist, and names each such id', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '@daily' });
    await t.cloudtab('run', 'a');
    const { logs } = await t.jsonOf('show', 'a');
    expect(await t.cloudtab('runs', 'a', '--delete', 'nope', logs[0].id, 'none')).toBe(1);
    expect(t.err).toBe(
      'cloudtab: run "nope", "none" of cron "a" not found, so nothing was deleted; "cloudtab runs a" lists the ids.\n',
    );
    expect((await t.jsonOf('show', 'a')).logs).toEqual(logs);
  });

  it('cloudtab runs --delete deletes the run records of the given ids or runs, or all', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '@daily' });
    for (let n = 0; n < 3; n++) await t.cloudtab('run', 'a');
    const { logs } = await t.jsonOf('show', 'a');
    expect(await t.jsonOf('runs', 'a', '--delete', logs[0].id, logs[1].runId)).toMatchObject({
      deleted: 2,
      left: 1,
    });
    expect((await t.jsonOf('show', 'a')).logs).toEqual([logs[2]]);
    expect(await t.outputOf('runs', 'a', '--delete', 'all')).toMatch(/^.*\b1\b.*"a".*\n$/);
    expect((await t.jsonOf('show', 'a')).logs).toEqual([]);
    expect(await t.cloudtab('runs', 'b', '--delete', 'all')).toBe(1);
    const { message } = cronNotFound({ site: 'default', uid: 'b' }, ['a'], t.dir);
    expect(t.err).toBe(`cloudtab: ${message}\n`);
  });
});
