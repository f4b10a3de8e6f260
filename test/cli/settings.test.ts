/** What the command line does with a crontab as a whole, and with the records of its crons. */
import { describe, expect, it } from 'vitest';
import { typing } from './typed.ts';

const t = typing();

async function json(...args: string[]) {
  return JSON.parse(await t.printed(...args, '--json'));
}

describe('cloudtab edit without a uid', () => {
  it('edits the settings of the crontab', async () => {
    t.write(undefined, { timezone: 'UTC' });
    expect(await t.cloudtab('edit', '--timezone', 'Europe/Paris')).toBe(0);
    expect(t.out).toBe('The crontab of "default" was changed: timezone from "UTC" to "Europe/Paris".\n');
    expect((await json('ls')).timezone).toBe('Europe/Paris');
    expect((await json('edit', '--timezone', '')).message).toContain('timezone from "Europe/Paris" to "UTC"');
  });

  it('locks the crontab and takes the lock off', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '@daily' });
    expect(await t.cloudtab('edit', '--read-only')).toBe(0);
    expect(await t.cloudtab('rm', 'a')).toBe(1);
    expect(await t.cloudtab('edit', '--no-read-only', '--off')).toBe(0);
    expect(await json('ls')).toMatchObject({ activated: false });
    expect(await t.cloudtab('edit', '--on')).toBe(0);
  });

  it.each([
    ['nothing to do', [], 'got nothing'],
    [
      'what crons have alone',
      ['--periodicity', '@daily', '--logs-limit', '3'],
      'got --logs-limit, --periodicity',
    ],
  ])('with %s says what can be edited', async (_, options, got) => {
    expect(await t.cloudtab('edit', ...options)).toBe(1);
    expect(t.err).toMatch(/^cloudtab: Without a uid the settings of the crontab are edited: got /);
    for (const part of got.replace('got ', '').split(', ')) expect(t.err).toContain(part);
    expect(t.err).toContain('wanted some of --timezone, --on, --off, --read-only and --no-read-only.');
  });
});

describe('cloudtab rollback without a uid', () => {
  it('puts earlier settings of the crontab back', async () => {
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    await t.cloudtab('edit', '--timezone', 'Europe/Paris');
    await t.cloudtab('edit', '--timezone', 'Asia/Tokyo');
    const { versions } = await json('history');
    expect(await json('rollback', String(versions.at(-1).version))).toEqual({
      site: 'default',
      message: expect.stringContaining('The crontab of "default" is as in version'),
    });
    expect((await json('ls')).timezone).toBe('Europe/Paris');
    expect(await t.cloudtab('rollback', 'nightly')).toBe(1);
    expect(t.err).toContain('VERSION: got "nightly", wanted a number. See: cloudtab history');
  });
});

describe('cloudtab logs --delete', () => {
  it('deletes the logs of these ids or runs, or all', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '@daily' });
    for (let n = 0; n < 3; n++) await t.cloudtab('run', 'a');
    const { logs } = await json('logs', 'a');
    expect(await json('logs', 'a', '--delete', logs[0].id, logs[1].runId)).toMatchObject({
      deleted: 2,
      message: 'Deleted 2 logs of "a"; 1 log is left.',
    });
    expect((await json('logs', 'a')).logs).toEqual([logs[2]]);
    expect(await t.printed('logs', 'a', '--delete', 'all')).toBe('Deleted 1 log of "a"; none is left.\n');
    expect(await t.cloudtab('logs', 'nobody', '--delete', 'all')).toBe(1);
    expect(t.err).toContain('There is no cron "nobody"');
  });
});
