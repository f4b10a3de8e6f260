/**
 * The Functions in files: `<folder>/<name>.mjs` exports `handler(event)`, as for Lambda. Edits take effect at once. Each call has a
 * process, which is killed with all that it started when the call is over: a thread that runs out of memory can end its process.
 */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../../core/domain/cron.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { FunctionEnd, Functions } from '../../core/ports/functions.ts';
import { addGroup, removeGroup, signalGroup } from '../process-groups.ts';
import { compileCacheFolder } from './compile-cache.ts';

/** The most memory of a function, in MB. Buffers do not count. */
const MEMORY_MB = 512;

/** Sends the value as JSON, as Lambda returns it, or why there is none. */
const CALL = `
  const fail = (error) => process.send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.on('uncaughtException', fail);
  process.once('message', ({ file, href, event }) => {
    import(href).then(async ({ handler }) => {
      if (typeof handler !== 'function') return fail(file + ' exports no function \`handler\`.');
      const text = JSON.stringify(await handler(event));
      process.send({ kind: 'returned', value: text === undefined ? null : JSON.parse(text) });
    }).catch(fail);
  });
`;

export class ModuleFunctions implements Functions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async invoke(name: string, payload: JsonObject, signal: AbortSignal): Promise<FunctionEnd> {
    const file = join(this.#folder, `${name}.mjs`);
    if (!(await stat(file).catch(() => undefined))) {
      throw new NotFoundError(
        `Function "${name}" not found: ${file} does not exist. Create it, and export \`handler(event)\` from it.`,
      );
    }
    signal.throwIfAborted();
    const child = spawn(process.execPath, [`--max-old-space-size=${MEMORY_MB}`, '--eval', CALL], {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { NODE_COMPILE_CACHE: compileCacheFolder(), ...process.env },
    });
    const { pid } = child;
    if (pid !== undefined) addGroup(pid);
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
      if (pid !== undefined) {
        signalGroup(pid, 'SIGKILL');
        removeGroup(pid);
      }
    }
  }
}

function endOf(code: number | null, by: NodeJS.Signals | null): string {
  if (by === null) return `It ended with the exit code ${code} before it returned.`;
  return `Its process was ended by the signal ${by}: did it use more than ${MEMORY_MB} MB of memory?`;
}
