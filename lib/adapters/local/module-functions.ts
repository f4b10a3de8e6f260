/**
 * The Functions in files: `<folder>/<name>.mjs` exports `handler(event)`, as for Lambda. Edits take effect at once. Each call has a
 * worker thread, which ends with it: nothing that a function does can end the process that runs the crontab.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { JsonObject } from '../../core/domain/cron.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { FunctionEnd, Functions } from '../../core/ports/functions.ts';

/** The most memory of a function, in MB. Buffers do not count. */
const MEMORY_MB = 512;

/** Sends the value as JSON, as Lambda returns it, or why there is none. */
const CALL = `
  const { parentPort, workerData: { file, href, event } } = require('node:worker_threads');
  const fail = (message) => parentPort.postMessage({ kind: 'failed', message });
  import(href).then(async ({ handler }) => {
    if (typeof handler !== 'function') return fail(file + ' exports no function \`handler\`.');
    const text = JSON.stringify(await handler(event));
    parentPort.postMessage({ kind: 'returned', value: text === undefined ? null : JSON.parse(text) });
  }).catch((error) => fail(error instanceof Error ? error.message : String(error)));
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
    const worker = new Worker(CALL, {
      eval: true,
      workerData: { file, href: pathToFileURL(file).href, event: payload },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const { promise, resolve, reject } = Promise.withResolvers<FunctionEnd>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const fail = (message: string) => resolve({ kind: 'failed', message });
    worker.on('message', resolve);
    worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => fail(`It ended with the exit code ${code} before it returned.`));
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
      await worker.terminate();
    }
  }
}
