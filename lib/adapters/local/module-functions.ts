/** The Functions in files: `<folder>/<name>.mjs` exports `handler(event)`, as for Lambda. Edits take effect at once. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json, JsonObject } from '../../core/domain/cron.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { FunctionEnd, Functions } from '../../core/ports/functions.ts';

export class ModuleFunctions implements Functions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async invoke(name: string, payload: JsonObject, signal: AbortSignal): Promise<FunctionEnd> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([this.#call(name, payload), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #call(name: string, payload: JsonObject): Promise<FunctionEnd> {
    const file = join(this.#folder, `${name}.mjs`);
    const stats = await stat(file).catch(() => undefined);
    if (!stats) {
      throw new NotFoundError(
        `Function "${name}" not found: ${file} does not exist. Create it, and export \`handler(event)\` from it.`,
      );
    }
    try {
      // Node loads a module once for each address, so each edit has its own address.
      const module: unknown = await import(`${pathToFileURL(file).href}?modified=${stats.mtimeMs}`);
      const handler = handlerOf(module);
      if (!handler) return { kind: 'failed', message: `${file} exports no function \`handler\`.` };
      return { kind: 'returned', value: asJson(await handler(structuredClone(payload))) };
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

function handlerOf(module: unknown): ((event: unknown) => unknown) | undefined {
  if (typeof module !== 'object' || module === null || !('handler' in module)) return undefined;
  const { handler } = module;
  return typeof handler === 'function' ? (event) => handler(event) : undefined;
}

/** The value as Lambda would return it. */
function asJson(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value) ?? 'null');
}
