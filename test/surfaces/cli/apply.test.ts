/** `cloudtab apply` at a terminal: its question, its progress, and stopping half way. What it applies is in profile.test.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { OperationPorts } from '../../../lib/core/ports/operation-ports.ts';
import { applyFile } from '../../../lib/surfaces/cli/apply.ts';
import { clientOn } from '../../support/client.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { makeWorld, type World } from '../../support/world.ts';

/** The keys that the user presses at the question. */
const input = vi.hoisted(() => ({ keys: '' }));
vi.mock('node:readline/promises', async (actual) => {
  const { createInterface } = await actual<typeof import('node:readline/promises')>();
  return {
    createInterface: ({ output }: { output: NodeJS.WritableStream }) => {
      const keyboard = new PassThrough();
      keyboard.write(input.keys);
      return createInterface({ input: keyboard, output, terminal: true });
    },
  };
});

const terminals = [process.stdin, process.stderr] as const;
const isTerminal = terminals.map(({ isTTY }) => isTTY);
let world: World;
/** The texts written to standard error. */
let shown: string[];

beforeEach(() => {
  world = makeWorld();
  shown = [];
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
  for (const terminal of terminals)
    Object.defineProperty(terminal, 'isTTY', { value: true, configurable: true });
});
afterEach(() => {
  world.close();
  vi.restoreAllMocks();
  for (const [index, terminal] of terminals.entries()) {
    Object.defineProperty(terminal, 'isTTY', { value: isTerminal[index], configurable: true });
  }
});

function file(text: string): string {
  const path = join(tempFolder(), 'crons.yaml');
  writeFileSync(path, text);
  return path;
}

const apply = (text: string, ports: OperationPorts = world.ports, options: { json?: true } = {}) =>
  applyFile(clientOn(ports, { name: 'here' }), file(text), { site: 'default', ...options });

const errorOutput = () => stripVTControlCharacters(shown.join(''));

/** Applies the file and returns how many parameters were written. */
async function written(text: string): Promise<number> {
  return JSON.parse((await apply(text, world.ports, { json: true })).text).written;
}

/** The uids of the crons in the registry. */
async function uids(): Promise<(string | undefined)[]> {
  const keys = await Array.fromAsync(world.ports.registry.list());
  return keys.map(({ uid }) => uid).sort();
}

const THREE = 'crons: [a, b, c]'.replace(/\w(?=[,\]])/g, '{uid: $&, name: task, periodicity: "@daily"}');

describe('cloudtab apply at a terminal', () => {
  it('cloudtab apply shows its progress in one line, which it clears at the end', async () => {
    await apply(THREE);
    expect(shown.map(stripVTControlCharacters)).toEqual(['\r', '\r1/3 added a', '\r2/3 added b', '\r']);
  });

  it.each([
    ['does not say its width', 0, '1/3 added a'],
    ['is narrow', 8, '1/3 add'],
  ])('The line fits on a terminal that %s', async (_, columns, line) => {
    const before = process.stderr.columns;
    onTestFinished(() => void Object.assign(process.stderr, { columns: before }));
    process.stderr.columns = columns;
    await apply(THREE);
    expect(shown.map(stripVTControlCharacters)).toContain(`\r${line}`);
  });

  it('cloudtab apply asks before it removes crons, and removes them only when the answer is yes', async () => {
    await apply(THREE);
    const removal = 'crons: [{uid: a, remove: true}, {uid: b, remove: true}]';
    input.keys = 'no\r';
    await expect(apply(removal)).rejects.toThrow(new ConfigurationError('Nothing was changed.'));
    input.keys = 'yes\r';
    const { text, code } = await apply(removal);
    expect(errorOutput()).toContain('Remove 2 crons: a, b? [y/N] yes');
    expect(text).toBe('Applied: 2 parameters written.');
    expect(code).toBe(0);
    expect(await uids()).toEqual(['c']);
  });

  it.each([
    ['any other answer', '\r'],
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('cloudtab apply changes nothing when the answer to its question is %s', async (_, keys) => {
    await apply(THREE);
    input.keys = keys;
    const refusal = apply('crons: [{uid: a, remove: true}, {uid: b, timeout: 9}]');
    await expect(refusal).rejects.toThrow(ConfigurationError);
    expect(errorOutput()).toMatch(/\[y\/N\] \r?\n$/);
    expect(await uids()).toEqual(['a', 'b', 'c']);
    expect((await world.ports.registry.read({ site: 'default', uid: 'b' }))?.version).toBe(1);
  });
});

/** The ports with a registry that calls the function before each write; writes are counted from 1. */
function beforeWrites(action: (write: number) => void): OperationPorts {
  const { registry } = world.ports;
  let writes = 0;
  const counting = new Proxy(registry, {
    get: (target, name: keyof typeof registry) => {
      if (name === 'write') action(++writes);
      return target[name].bind(target);
    },
  });
  return { ...world.ports, registry: counting };
}

describe('cloudtab apply stopped with Ctrl-C', () => {
  const interrupted = () => beforeWrites((write) => write === 1 && process.emit('SIGINT'));

  it('Ctrl-C lets cloudtab apply finish the current write, report its progress and exit with 130', async () => {
    const listeners = process.listenerCount('SIGINT');
    expect(await apply(THREE, interrupted())).toEqual({
      text: 'Stopped: 1 of 3 changes were applied. Apply the file again to continue.',
      code: 130,
    });
    expect(process.listenerCount('SIGINT')).toBe(listeners);
    expect(await uids()).toEqual(['a']);
    expect(await written(THREE)).toBe(2);
  });

  it('Ctrl-C is reported in the JSON output of cloudtab apply', async () => {
    const { text, code } = await apply(THREE, interrupted(), { json: true });
    expect(JSON.parse(text)).toMatchObject({ written: 1, stopped: true });
    expect(code).toBe(130);
  });

  it('Ctrl-C during the last write does not stop cloudtab apply', async () => {
    const one = 'crons: [{uid: a, name: task, periodicity: "@daily"}]';
    const { text, code } = await apply(one, interrupted(), { json: true });
    expect(JSON.parse(text)).not.toHaveProperty('stopped');
    expect(JSON.parse(text)).toMatchObject({ written: 1 });
    expect(code).toBe(0);
  });
});

describe('cloudtab apply of many crons', () => {
  const names = Array.from({ length: 20 }, (_, n) => `c${String(n).padStart(2, '0')}`);
  const twenty = `crons: [${names.map((uid) => `{uid: ${uid}, name: task, periodicity: "@daily"}`).join(', ')}]`;

  it('It writes four at a time, Ctrl-C lets those under way finish, and again it writes the rest', async () => {
    await apply('crons: [{uid: first, name: task, periodicity: "@daily"}]');
    shown = [];
    let [begun, running, most] = [0, 0, 0];
    const { registry } = world.ports;
    const write = registry.write.bind(registry);
    const writes = vi.spyOn(registry, 'write').mockImplementation(async (...args) => {
      most = Math.max(most, ++running);
      if (++begun === 6) process.emit('SIGINT');
      await new Promise(setImmediate);
      running--;
      return write(...args);
    });
    const { text, code } = await apply(twenty);
    writes.mockRestore();
    expect([most, running, code]).toEqual([4, 0, 130]);
    const done = Number(/^Stopped: (\d+) of 20 changes were applied\./.exec(text)?.[1]);
    expect(done).toBe(begun);
    expect(await uids()).toHaveLength(1 + done);
    const progress = shown.map((line) => stripVTControlCharacters(line).trim());
    for (let n = 1; n <= done; n++)
      expect(progress).toContainEqual(expect.stringMatching(`^${n}/20 added c`));
    expect(await written(twenty)).toBe(20 - done);
    expect(await uids()).toEqual([...names, 'first']);
    expect(await written(twenty)).toBe(0);
  });
});

describe('cloudtab apply when a write fails', () => {
  it('cloudtab apply reports its progress with the error of a write that failed, and can be repeated', async () => {
    const failing = beforeWrites((write) => {
      if (write > 1) throw new UnavailableError('The registry does not answer.');
    });
    await expect(apply(THREE, failing)).rejects.toThrow(/^The registry does not answer\. .*\b1\b.*\b3\b/);
    expect(await uids()).toEqual(['a']);
    expect(await written(THREE)).toBe(2);
  });
});
