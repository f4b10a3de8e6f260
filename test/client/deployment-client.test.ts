import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deploymentClient } from '../../lib/client/deployment-client.ts';
import { main } from '../../lib/surfaces/cli/main.ts';
import { answerAtFunctionUrl, FUNCTION_URL, type FunctionUrl } from '../support/function-url.ts';
import { makeWorld, type World } from '../support/world.ts';
import { commandLine } from '../surfaces/cli/command-line.ts';

const t = commandLine();
let world: World;
let url: FunctionUrl;

beforeEach(() => {
  world = makeWorld();
  url = answerAtFunctionUrl({
    ...world.ports,
    catalogue: { read: async () => ({ runners: [], limits: {} }) },
  });
});
afterEach(() => {
  world.close();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** Runs the command on the deployment, and returns what it printed. */
async function cloudtab(...args: string[]): Promise<string> {
  Object.assign(t, { out: '', err: '' });
  await main([...args, '--url', FUNCTION_URL]);
  return `${t.out}${t.err}`;
}

describe('commands on a deployment', () => {
  it('Every command works by the function URL alone', async () => {
    expect(await cloudtab('add', 'heartbeat', '@daily', '--uid', 'a')).toContain('Added "a"');
    expect(await cloudtab('edit', 'a', '--timeout', '60')).toContain('timeout to 60');
    expect(await cloudtab('ls')).toMatch(/· new +a +/);
    expect(await cloudtab('show', 'a')).toMatch(/^timeout +60 s$/m);
    expect(await cloudtab('off', 'a')).toBe('Switched off 1 cron.\n');
    expect(await cloudtab('off', '--all')).toContain('is now switched off');
    expect(await cloudtab('on', '--all')).toContain('is now switched on');
    expect(await cloudtab('history', 'a')).toContain('activated');
    expect(await cloudtab('history')).toContain('activated');
    expect(await cloudtab('rollback', 'a', '2')).toContain('rolled back to version 2');
    expect(await cloudtab('runners')).toContain('heartbeat');
    expect(await cloudtab('export')).toContain('uid: a');
    expect(await cloudtab('simulate')).toContain('a');
    expect(await cloudtab('run', 'a', '--no-wait')).toContain('Asked for a run of "a"');
    expect(await cloudtab('runs', 'a')).toContain('No run has ended yet');
    expect(await cloudtab('rm', 'a')).toBe('Removed 1 cron.\n');
    expect(await cloudtab('ls', '--site', 'shop2')).toContain('site "shop2" not found');
    expect(url.paths.every((path) => path.startsWith('/calls/'))).toBe(true);
  });

  it('cloudtab whoami says who the caller is, and which role it has where', async () => {
    expect(await cloudtab('whoami')).toBe(
      `${url.caller}, at ${FUNCTION_URL}:\nall sites  editor  also add, change and remove crons and settings\n`,
    );
    url.grants.push(
      { principal: '*', role: 'viewer' },
      { principal: url.caller, role: 'operator', sites: ['shop'] },
    );
    expect(await cloudtab('whoami')).toBe(
      `${url.caller}, at ${FUNCTION_URL}:\nall sites  viewer    look at everything\n` +
        'shop       operator  also run crons and switch them on and off\n',
    );
    expect(JSON.parse(await cloudtab('whoami', '--json'))).toMatchObject({ role: 'viewer' });
  });

  it('A role that does not suffice is named, and an operator may switch but not edit', async () => {
    await cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
    url.grants.push({ principal: url.caller, role: 'operator' });
    expect(await cloudtab('off', 'a')).toBe('Switched off 1 cron.\n');
    expect(await cloudtab('edit', 'a', '--timeout', '60')).toContain('this needs the role editor');
    url.grants.splice(0, 1, { principal: 'arn:aws:iam::123456789012:user/other', role: 'editor' });
    expect(await cloudtab('ls')).toContain('has no role');
  });

  it('A refusal by AWS names the missing permissions', async () => {
    url.instead = () => new Response('{"Message":"Forbidden. For troubleshooting…"}', { status: 403 });
    expect(await cloudtab('ls')).toContain(
      'Forbidden. For troubleshooting…. The caller needs the permissions lambda:InvokeFunctionUrl and lambda:InvokeFunction',
    );
  });

  it('A function that fails is named with the command that examines it', async () => {
    url.instead = () => new Response('Internal Server Error', { status: 502 });
    expect(await cloudtab('ls')).toMatch(/status 502: Internal Server Error\. Run: cloudtab doctor/);
    url.instead = () => new Response('', { status: 504 });
    expect(await cloudtab('ls')).toMatch(/status 504: no message/);
  });

  it('A deployment that does not answer is named with the reason', async () => {
    const { call } = deploymentClient({ url: 'https://gone.example', name: 'it', title: 'it', option: '' });
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    await expect(call('siteNames', {}, {})).rejects.toThrow(
      'The deployment at gone.example does not answer: no such host.',
    );
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('bad port')));
    await expect(call('siteNames', {}, {})).rejects.toThrow('does not answer: bad port.');
    vi.stubGlobal('fetch', async () => Promise.reject('nothing'));
    await expect(call('siteNames', {}, {})).rejects.toThrow('does not answer: nothing.');
  });

  it('A command that repairs needs the stack', async () => {
    expect(await cloudtab('doctor')).toContain(
      '--stack: got nothing, wanted the stack of the deployment, which this needs.',
    );
  });
});
