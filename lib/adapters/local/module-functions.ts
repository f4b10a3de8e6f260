/**
 * The Functions in files: `<folder>/<name>.mjs` exports `handler(event)`, as for Lambda. Edits take effect at once. Each call has a
 * process, which is killed with all that it started when the call is over: a thread that runs out of memory can end its process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { FunctionEnd, Functions } from '../../core/ports/functions.ts';
import { addGroup, removeGroup, signalGroup } from '../process-groups.ts';
import { compileCacheFolder } from './compile-cache.ts';

/** The most memory of a function, in MB. Buffers do not count. */
const MEMORY_MB = 512;

/** The longest answer, in characters of JSON: about that of Lambda. */
const MAX_ANSWER = 6_000_000;

/** The buffers of the streams hold less than can be read in so many turns. */
const MAX_TURNS = 100;

/**
 * Sends the value as JSON, as Lambda returns it, or why there is none. The message ends the process, so it waits until what was
 * printed before is written.
 */
const CALL = `
  const written = (stream) => new Promise((resolve) => stream.write('', resolve));
  const send = async (end) => {
    await Promise.all([written(process.stdout), written(process.stderr)]);
    process.send(end);
  };
  const fail = (error) => send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.on('uncaughtException', fail);
  process.once('message', ({ file, href, event }) => {
    import(href).then(async ({ handler }) => {
      if (typeof handler !== 'function') return fail(file + ' exports no function \`handler\`.');
      const text = JSON.stringify(await handler(event));
      if (text?.length > ${MAX_ANSWER}) return fail('It returned more than ${MAX_ANSWER} characters.');
      await send({ kind: 'returned', value: text === undefined ? null : JSON.parse(text) });
    }).catch(fail);
  });
`;

export class ModuleFunctions implements Functions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async invoke(...[name, payload, signal, onOutput]: Parameters<Functions['invoke']>): Promise<FunctionEnd> {
    const file = join(this.#folder, `${name}.mjs`);
    if (!(await stat(file).catch(() => undefined))) {
      throw new NotFoundError(
        `Function "${name}" not found: ${file} does not exist. Create it, and export \`handler(event)\` from it.`,
      );
    }
    signal.throwIfAborted();
    // Without a reader it prints where this process does, whose output is read if it is that of a runner.
    const stream = onOutput ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, [`--max-old-space-size=${MEMORY_MB}`, '--eval', CALL], {
      detached: true,
      stdio: ['ignore', stream, stream, 'ipc'],
      env: { NODE_COMPILE_CACHE: compileCacheFolder(), ...process.env },
    });
    const { pid, stdout, stderr } = child;
    let received = 0;
    const receive = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
      received += bytes.length;
      onOutput?.(name, bytes);
    };
    stdout?.on('data', receive('stdout'));
    stderr?.on('data', receive('stderr'));
    addGroup(pid);
    const { promise, resolve, reject } = Promise.withResolvers<FunctionEnd>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    child.on('message', (end) => resolve(end as FunctionEnd));
    child.on('error', reject);
    child.on('exit', (code, by) => resolve({ kind: 'failed', message: endOf(code, by) }));
    // It may have ended.
    child.send({ file, href: pathToFileURL(file).href, event: payload }, () => undefined);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
      signalGroup(pid, 'SIGKILL');
      removeGroup(pid);
      if (pid !== undefined) {
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        await untilSilent(() => received);
      }
      stdout?.destroy();
      stderr?.destroy();
    }
  }
}

/**
 * Waits until nothing was received in two turns, because each turn reads one piece of what the process printed. A process
 * that left the group may have the streams open, and print on.
 */
async function untilSilent(received: () => number): Promise<void> {
  for (let turn = 0, silent = 0; turn < MAX_TURNS && silent < 2; turn += 1) {
    const before = received();
    await nextTurn();
    silent = received() === before ? silent + 1 : 0;
  }
}

function endOf(code: number | null, by: NodeJS.Signals | null): string {
  if (by === null) return `It ended with the exit code ${code} before it returned.`;
  return `Its process was ended by the signal ${by}: did it use more than ${MEMORY_MB} MB of memory?`;
}
