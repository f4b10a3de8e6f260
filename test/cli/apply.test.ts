/** What `cloudtab apply` asks, shows on the way, and says when it stops half way. What it does is in profile.test.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyFile } from '../../lib/cli/apply.ts';
import { UnavailableError } from '../../lib/domain/errors.ts';
import type { OperationPorts } from '../../lib/operations/ports.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { makeWorld, type World } from '../support/world.ts';

/** What is typed at the question. */
const typed = vi.hoisted(() => ({ keys: '' }));
vi.mock('node:readline/promises', async (actual) => {
  const { createInterface } = await actual<typeof import('node:readline/promises')>();
  return {
    createInterface: ({ output }: { output: NodeJS.WritableStream }) => {
      const input = new PassThrough();
      input.write(typed.keys);
      return createInterface({ input, output, terminal: true });
    },
  };
});

const terminals = [process.stdin, process.stderr] as const;
const before = terminals.map(({ isTTY }) => isTTY);
let world: World;
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
    Object.defineProperty(terminal, 'isTTY', { value: before[index], configurable: true });
  }
});

function file(text: string): string {
  const path = join(tempFolder(), 'crons.yaml');
  writeFileSync(path, text);
  return path;
}

const apply = (text: string, ports: OperationPorts = world.ports, options: { json?: true } = {}) =>
  applyFile({ ports, name: 'here' }, file(text), { site: 'default', ...options });

const said = () => stripVTControlCharacters(shown.join(''));

const THREE = 'crons: [a, b, c]'.replace(/\w(?=[,\]])/g, '{uid: $&, name: task, periodicity: "@daily"}');

describe('applying at a terminal', () => {
  it('shows how far it is, in one line that is gone in the end', async () => {
    await apply(THREE);
    expect(shown.map(stripVTControlCharacters)).toEqual(['\r1/3 added a', '\r2/3 added b', '\r']);
  });

  it('asks before crons are removed, and takes yes for an answer', async () => {
    await apply(THREE);
    typed.keys = 'yes\r';
    const { text } = await apply('crons: [{uid: a, remove: true}, {uid: b, remove: true}]');
    expect(said()).toContain('Remove 2 crons with their logs: a, b? [y/N] yes');
    expect(text).toBe('Applied: 2 parameters written.');
  });

  it.each([
    ['with any other answer', '\r'],
    ['when the question is left with Ctrl-C', '\u0003'],
    ['when the question is left with Ctrl-D', '\u0004'],
  ])('changes nothing at all %s, and says so', async (_, keys) => {
    await apply(THREE);
    typed.keys = keys;
    await expect(apply('crons: [{uid: a, remove: true}, {uid: b, timeout: 9}]')).rejects.toThrow(
      'Nothing was changed.',
    );
    expect(said()).toMatch(/\[y\/N\] \r?\n$/);
    expect((await world.ports.registry.read({ site: 'default', uid: 'b' }))?.version).toBe(1);
  });
});

/** The ports, where something happens before each write; they are counted from 1. */
function beforeWrites(happen: (write: number) => void): OperationPorts {
  const { registry } = world.ports;
  let writes = 0;
  const counting = new Proxy(registry, {
    get: (target, name: keyof typeof registry) => {
      if (name === 'write') happen(++writes);
      return target[name].bind(target);
    },
  });
  return { ...world.ports, registry: counting };
}

describe('applying that is stopped with Ctrl-C', () => {
  const interrupted = () => beforeWrites((write) => write === 1 && process.emit('SIGINT'));

  it('ends the write that is under way, says how far it came and how to go on, and exits with 130', async () => {
    const listeners = process.listenerCount('SIGINT');
    expect(await apply(THREE, interrupted())).toEqual({
      text: 'Stopped: 1 of 3 were applied. Apply the file again to go on.',
      code: 130,
    });
    expect(process.listenerCount('SIGINT')).toBe(listeners);
    expect((await apply(THREE)).text).toBe('Applied: 2 parameters written.');
  });

  it('says so in JSON, too', async () => {
    const { text, code } = await apply(THREE, interrupted(), { json: true });
    expect(JSON.parse(text)).toMatchObject({ written: 1, stopped: true });
    expect(code).toBe(130);
  });

  it('is done all the same when nothing was left to begin', async () => {
    const { text, code } = await apply('crons: [{uid: a, name: task, periodicity: "@daily"}]', interrupted());
    expect([text, code]).toEqual(['Applied: 1 parameter written.', 0]);
  });
});

describe('applying that stops half way', () => {
  it('says how far it came, and how to go on', async () => {
    const failing = beforeWrites((write) => {
      if (write > 1) throw new UnavailableError('The registry does not answer.');
    });
    await expect(apply(THREE, failing)).rejects.toThrow(
      'The registry does not answer. 1 of 3 were applied. Apply the file again to go on.',
    );
    const { text } = await apply(THREE);
    expect(text).toBe('Applied: 2 parameters written.');
  });
});
