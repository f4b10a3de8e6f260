import { beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../../lib/adapters/local/folder-settings.ts';
import { allow } from '../../../lib/surfaces/cli/allow.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();

describe('cloudtab allow', () => {
  beforeEach(() => t.cloudtab('allow', 'localhost:*', 'http://nas.local', 'http://nas.local'));

  it('The command keeps the hosts in the folder and prints those that are allowed', async () => {
    expect(t.out).toBe(`Crons in ${t.dir} may call every public host, and localhost:*, http://nas.local.\n`);
    expect(readSettings(t.dir).allowedHosts).toEqual(['localhost:*', 'http://nas.local']);
    expect(await t.jsonOf('allow')).toMatchObject({ allowedHosts: ['localhost:*', 'http://nas.local'] });
  });

  it('A host that is removed is allowed no longer', async () => {
    expect(await t.cloudtab('allow', '--remove', 'localhost:*')).toBe(0);
    expect(readSettings(t.dir).allowedHosts).toEqual(['http://nas.local']);
    expect(await t.outputOf('allow', '--remove', 'http://nas.local')).toMatch(
      /public host, and no other\.\n$/,
    );
  });

  it('The command that a refusal names makes the same edit succeed', async () => {
    const add = () => t.cloudtab('add', 'http', '@daily', '--set', 'url=http://127.0.0.1:8080/a');
    expect(await add()).toBe(1);
    const [, command = ''] = /Run: cloudtab (allow .*?) --dir/.exec(t.err.replaceAll('\n', ' ')) ?? [];
    expect(await t.cloudtab(...command.split(' '))).toBe(0);
    expect(await add()).toBe(0);
  });

  it('Any public host can be called without a word, as the example in the help of add does', async () => {
    const url = 'url=https://example.com/nightly';
    expect(await t.cloudtab('add', 'http', '@daily', '--set', url, '--set', 'method=POST')).toBe(0);
  });

  it.each([
    ['*', '*'],
    ['https://exämple.com:8443', 'https://xn--exmple-cua.com:8443'],
    ['*.Corp.example', '*.corp.example'],
    ['[::1]:3000', '[::1]:3000'],
    ['fd00::/8', 'fd00::/8'],
  ])('The entry %s is kept as %s', async (host, entry) => {
    expect(await t.jsonOf('allow', host)).toMatchObject({ allowedHosts: expect.arrayContaining([entry]) });
  });

  it.each([
    'https://nas.local/path',
    '10.0.0.*',
    '*.*',
    'nas.local:http',
    'a b',
    'me@nas.local',
    '',
    'ftp://x',
  ])('The command refuses the entry "%s", which would cover no URL', async (host) => {
    expect(await t.cloudtab('allow', host)).toBe(1);
    expect(t.err).toMatch(/^cloudtab: host: got .*, wanted a host without a path, such as/);
  });

  it('The command refuses to remove a host that is not allowed, and suggests one that is', async () => {
    expect(await t.cloudtab('allow', '--remove', 'http://nas.locl')).toBe(1);
    expect(t.err).toContain('http://nas.local');
    expect(readSettings(t.dir).allowedHosts).toHaveLength(2);
  });

  it('A deployment, and a folder that does not exist, have no such settings', () => {
    expect(() => allow(['a.example'], { stack: 'Tab' }, {})).toThrow(
      'The hosts of the deployment Tab are a property of its construct. Add them to allowedHosts, and deploy it.',
    );
    expect(() => allow([], { dir: `${t.dir}/none` }, {})).toThrow('not found. Create a crontab there');
  });
});
