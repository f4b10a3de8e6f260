import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { readFolderLimits } from '../../../lib/adapters/local/folder-limits.ts';
import { allow } from '../../../lib/surfaces/cli/allow.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
const ALL = { allowedHosts: [], allowedFunctions: ['*'], allowedUsers: ['*'], allowCommands: true };
const limits = () => readFolderLimits(t.dir).limits;

describe('cloudtab allow', () => {
  beforeEach(() => t.cloudtab('allow', 'localhost:*', 'http://nas.local', 'http://nas.local'));

  it('The command names the folder, keeps the hosts there and prints what is allowed', async () => {
    expect(t.out).toBe(
      [
        `Runners in the folder ${t.dir} may reach every public host.`,
        'All sites also:',
        '  hosts      localhost:*, http://nas.local',
        '  functions  *',
        '  users      *',
        '  commands   yes',
        '',
      ].join('\n'),
    );
    expect(limits()['*'].allowedHosts).toEqual(['localhost:*', 'http://nas.local']);
    expect(await t.jsonOf('allow')).toMatchObject({ folder: t.dir, limits: limits() });
  });

  it('A host that is removed is allowed no longer', async () => {
    expect(await t.cloudtab('allow', '--remove', 'localhost:*')).toBe(0);
    expect(limits()['*'].allowedHosts).toEqual(['http://nas.local']);
    expect(await t.outputOf('allow', '--remove', 'http://nas.local')).toContain('hosts      none');
  });

  it('Hosts, functions, users and programs are allowed to one site, and to no other', async () => {
    const wide = ['--function', '*', '--user', '*', '--commands'];
    expect(await t.cloudtab('allow', '--remove', ...wide)).toBe(0);
    const own = ['--function', 'pay-*', 'tax', '--user', 'payroll', '--commands'];
    expect(await t.outputOf('allow', '10.0.0.1', '--site', 'payroll', ...own)).toContain(
      'The site "payroll" also:\n  hosts      10.0.0.1\n  functions  pay-*, tax\n  users      payroll\n  commands   yes\n',
    );
    expect(limits()).toEqual({
      '*': {
        allowedHosts: ['localhost:*', 'http://nas.local'],
        allowedFunctions: [],
        allowedUsers: [],
        allowCommands: false,
      },
      payroll: {
        allowedHosts: ['10.0.0.1'],
        allowedFunctions: ['pay-*', 'tax'],
        allowedUsers: ['payroll'],
        allowCommands: true,
      },
    });
    const add = (site: string) =>
      t.cloudtab('add', 'command', '@daily', '--set', 'command=ls', '--site', site, '--new-site');
    expect(await add('shop')).toBe(2);
    expect(await add('payroll')).toBe(0);
  });

  it('CLOUDTAB_SITE names the site, as for other commands', async () => {
    vi.stubEnv('CLOUDTAB_SITE', 'shop');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await t.cloudtab('allow', '10.0.0.1')).toBe(0);
    expect(limits().shop).toEqual({ allowedHosts: ['10.0.0.1'] });
  });

  it('The command that a refusal names makes the same edit succeed, and that of another site not', async () => {
    const add = (site: string) =>
      t.cloudtab(
        'add',
        'http',
        '@daily',
        '--set',
        'url=http://127.0.0.1:8080/a',
        '--site',
        site,
        '--new-site',
      );
    expect(await add('shop')).toBe(2);
    const [, command = ''] = /Run: cloudtab (allow .*?) --dir/.exec(t.err.replaceAll('\n', ' ')) ?? [];
    expect(command).toBe('allow http://127.0.0.1:8080 --site shop');
    expect(await t.cloudtab(...command.split(' '))).toBe(0);
    expect(await add('shop')).toBe(0);
    expect(await add('blog')).toBe(2);
  });

  it('Any public host can be called without a word, as the example in the help of add does', async () => {
    const url = 'url=https://example.com/nightly';
    expect(await t.cloudtab('add', 'http', '@daily', '--set', url, '--set', 'method=POST')).toBe(0);
  });

  it('An entry is kept as it is compared', async () => {
    await t.cloudtab('allow', '*.Corp.example');
    expect(limits()['*'].allowedHosts).toContain('*.corp.example');
  });

  it.each([
    [['nas.local/a'], /^cloudtab: host: got "nas.local\/a", wanted a host without a path/],
    [['--function', 'a.b'], /^cloudtab: --function: got "a.b", wanted a function/],
    [['--user', 'a b'], /^cloudtab: --user: got "a b", wanted a role/],
    [['a', '--site', 'Shop'], /^cloudtab: --site: got "Shop", wanted 1 to 16/],
    [['--remove', 'http://nas.locl'], /Did you mean "http:\/\/nas.local"/],
  ])('The command refuses %j, which can match nothing, and changes nothing', async (words, problem) => {
    const before = limits();
    expect(await t.cloudtab('allow', ...words)).toBe(2);
    expect(t.err.replaceAll(/\s+/g, ' ')).toMatch(problem);
    expect(limits()).toEqual(before);
  });

  it('The command refuses to change settings that were damaged, and says where', async () => {
    writeFileSync(folderOf(t.dir).settings, '{"limits": {"*": {"allowedHost": []}}}');
    expect(await t.cloudtab('allow', 'localhost')).toBe(1);
    expect(t.err).toContain('limits.*.allowedHost: got');
    expect(await t.outputOf('doctor')).toContain('not valid, so nothing is allowed');
  });

  it('A deployment, and a folder that does not exist, have no such settings', () => {
    expect(() => allow(['a.example'], { stack: 'Tab' }, {})).toThrow(
      'The limits of the deployment Tab are the property "limits" of its construct. Change it, and deploy it.',
    );
    expect(() => allow([], { dir: `${t.dir}/none` }, {})).toThrow('not found. Create a crontab there');
  });
});

it('The listing of a folder whose sites have limits shows each of them', async () => {
  writeFileSync(folderOf(t.dir).settings, '{"limits": {"shop": {}}}');
  expect(await t.outputOf('allow')).toContain(
    'The site "shop" also:\n  hosts      none\n  functions  none\n  users      none\n  commands   no\n',
  );
  expect(limits()).toEqual({ '*': ALL, shop: {} });
});
