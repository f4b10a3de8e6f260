import { beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';

const t = commandLine();

beforeEach(() => {
  t.write('backup-db', {
    name: 'heartbeat',
    periodicity: '@daily',
    description: 'Nightly dump',
    tags: ['database', 'shop-eu'],
  });
  t.write('backup-files', { name: 'http', periodicity: '@hourly', environ: { url: 'https://example.com' } });
  t.write('report', { name: 'heartbeat', periodicity: '@monthly', activated: false, tags: ['shop'] });
});

const listed = async (...args: string[]) =>
  (await t.jsonOf('ls', ...args)).crons.map(({ uid }: { uid: string }) => uid);

describe('cloudtab ls', () => {
  it('cloudtab ls lists the crons whose uid, runner, description or a tag has the pattern', async () => {
    expect(await listed('BACKUP')).toEqual(['backup-db', 'backup-files']);
    expect(await listed('http')).toEqual(['backup-files']);
    expect(await listed('dump')).toEqual(['backup-db']);
    expect(await listed('shop')).toEqual(['backup-db', 'report']);
    expect(await t.outputOf('ls', 'dump')).toMatch(/^1 of them matches:$/m);
    expect(await t.outputOf('ls')).not.toContain('match');
  });

  it('cloudtab ls explains what a pattern is when none matches, and what is missing in an empty crontab', async () => {
    expect(await t.outputOf('ls', 'back*')).toMatch(
      /^None of them matches\. A pattern is part of a uid, runner, .* or tag, without wildcards\.$/m,
    );
    expect(await t.outputOf('ls', '--failing')).toMatch(/^None of them matches\.$/m);
    expect(await t.outputOf('ls', '-A', 'back*')).toMatch(/^None of them matches\.$/m);
    await t.cloudtab('rm', 'backup-db', 'backup-files', 'report');
    expect(await t.outputOf('ls')).toMatch(/^Add a cron, for example: cloudtab add heartbeat @daily$/m);
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'x', '--site', 'shop', '--new-site');
    await t.cloudtab('rm', 'x', '--site', 'shop');
    await t.cloudtab('edit', '--timezone', 'Europe/Paris', '--site', 'shop');
    expect(await t.outputOf('ls', '--site', 'shop')).toMatch(/cloudtab add heartbeat @daily --site shop$/m);
  });

  it('cloudtab ls PATTERN finds a schedule as it is written and in words, and a user', async () => {
    t.write('early', { name: 'heartbeat', periodicity: '0 5 * * *', user: 'Ana' });
    expect(await listed('0 5')).toEqual(['early']);
    expect(await listed('at 05:00')).toEqual(['early']);
    expect(await listed('ANA')).toEqual(['early']);
  });

  it('cloudtab ls --off lists every cron of a crontab that is switched off, and none that is broken', async () => {
    t.write('broken', { name: 'heartbeat', periodicity: '61 * * * *', activated: false });
    expect(await listed('--off')).toEqual(['report']);
    await t.cloudtab('off', '--all');
    expect(await listed('--off')).toEqual(['backup-db', 'backup-files', 'report']);
  });

  it('cloudtab ls --tag lists the crons that have exactly that tag', async () => {
    expect(await listed('--tag', 'shop')).toEqual(['report']);
    expect(await listed('--tag', 'data')).toEqual([]);
  });

  it('cloudtab ls --runner, --off, --failing and --late list those crons alone', async () => {
    expect(await listed('--runner', 'heartbeat')).toEqual(['backup-db', 'report']);
    expect(await listed('--off')).toEqual(['report']);
    expect(await listed('--failing')).toEqual([]);
    expect(await listed('--off', '--late')).toEqual(['report']);
  });

  it('cloudtab ls --sort orders by the next run, the last one, or the health', async () => {
    expect(await listed('--sort', 'next')).toEqual(['backup-files', 'backup-db', 'report']);
    expect(await listed('--sort', 'health')).toEqual(['backup-db', 'backup-files', 'report']);
    await t.cloudtab('run', 'backup-db', '--no-wait');
    expect((await listed('--sort', 'last'))[0]).toBe('backup-db');
    expect(await t.cloudtab('ls', '--sort', 'size')).toBe(2);
    expect(t.err).toContain('--sort: got "size", wanted one of uid, health, next, last.');
  });

  it('cloudtab ls -A lists the crons of every site, and sites the sites', async () => {
    await t.cloudtab('add', 'heartbeat', '@daily', '--uid', 'x', '--site', 'shop', '--new-site');
    const { sites } = await t.jsonOf('ls', '-A');
    expect(sites.map(({ site, crons }: { site: string; crons: object[] }) => [site, crons.length])).toEqual([
      ['default', 3],
      ['shop', 1],
    ]);
    expect(await t.outputOf('ls', '-A', 'x')).toMatch(/^shop \(UTC\)/m);
    expect((await t.jsonOf('sites')).sites).toMatchObject([{ site: 'default' }, { site: 'shop' }]);
  });

  it('A narrow terminal cuts a long uid, and keeps one line for each cron', async () => {
    const uid = 'abcdefgh-abcd-abcd-abcd-abcdefghijkl';
    t.write(uid, { name: 'heartbeat', periodicity: '@daily' });
    t.atTerminal(60);
    const lines = (await t.outputOf('ls')).trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('@daily') && line.includes('abcdef'))).toEqual([
      expect.stringMatching(/^· new +abcdef[\w-]*… /),
    ]);
  });
});
