/** A viewer, or an operator of another site, who wants to change, run or see more from a terminal. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../lib/surfaces/cli/main.ts';
import { openUrl } from '../../lib/surfaces/sdk/crontabs.ts';
import { answerAtFunctionUrl, FUNCTION_URL, type FunctionUrl } from '../support/function-url.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
let url: FunctionUrl;
let printed = '';

beforeEach(async () => {
  world = makeWorld();
  await world.save('night', { name: 'task', periodicity: '@daily' });
  url = answerAtFunctionUrl(world.ports);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  }
});
afterEach(() => {
  world.close();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function cloudtab(...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  printed = '';
  return { code: await main([...args, '--url', FUNCTION_URL]), text: printed };
}

const CHANGES = [
  ['add', 'heartbeat', '@daily', '--uid', 'mine'],
  ['edit', 'night', '--timeout', '60'],
  ['edit', '--timezone', 'Europe/Paris'],
  ['rm', 'night'],
  ['restore', 'night'],
  ['off', 'night'],
  ['off', '--all'],
  ['run', 'night', '--no-wait'],
  ['rollback', 'night', '1'],
  ['runs', 'night', '--delete', 'all'],
];

describe('a viewer at a terminal', () => {
  it.each(CHANGES)('cannot: cloudtab %s %s %s', async (...args) => {
    url.grants.push({ principal: url.caller, role: 'viewer' });
    const deliver = vi.spyOn(world.ports.queue, 'deliver');
    const { code, text } = await cloudtab(...args);
    expect(code).toBe(1);
    expect(text).toContain('this needs the role');
    const parameters = await Array.fromAsync(world.ports.registry.list());
    expect(parameters.map(({ uid, version }) => `${uid} ${version}`)).toEqual(['night 1']);
    expect(deliver).not.toHaveBeenCalled();
  });

  it('cannot list the names of secrets, for which an editor needs nothing but the URL', async () => {
    world.secrets.set('token', 'hunter2-hunter2');
    url.grants.push({ principal: url.caller, role: 'editor' });
    expect(await cloudtab('secret', 'ls')).toEqual({ code: 0, text: 'token\n' });
    url.grants.splice(0, 1, { principal: url.caller, role: 'viewer' });
    const { code, text } = await cloudtab('secret', 'ls');
    expect(code).toBe(1);
    expect(text).toContain('this needs the role editor');
  });

  it('cannot save by a program', async () => {
    url.grants.push({ principal: url.caller, role: 'viewer' });
    await using crontabs = await openUrl(FUNCTION_URL);
    const crontab = await crontabs.load();
    crontab.edit('night', { timeout: 60 });
    await expect(crontab.save()).rejects.toThrow('this needs the role editor');
  });

  it('An operator of another site sees nothing of this one', async () => {
    url.grants.push({ principal: url.caller, role: 'operator', sites: ['shop'] });
    for (const command of [['show', 'night'], ['logs', 'night'], ['history', 'night'], ['export'], ['ls']]) {
      const { code, text } = await cloudtab(...command, '--site', 'default');
      expect([command, code]).toEqual([command, 1]);
      expect(text).not.toContain('@daily');
    }
    expect((await cloudtab('sites')).text).not.toContain('default ');
  });
});
