/** The `NAME=value` lines of a crontab above the current line, as the environ of a command contains them. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { byteLength } from '../../core/domain/truncate-bytes.ts';

export class CrontabVariables {
  readonly #values = new Map<string, string>();
  #bytes = 0;
  /** Shared by all lines below the last change: a copy for each line would be quadratic in the size of the file. */
  #object: JsonObject | undefined;

  set(name: string, value: string): void {
    const before = this.#values.get(name);
    this.#bytes += entryBytes(name, value) - (before === undefined ? 0 : entryBytes(name, before));
    this.#values.set(name, value);
    this.#object = undefined;
  }

  get size(): number {
    return this.#values.size;
  }

  /** Their size as JSON in UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  /** By name; undefined when there are none. Callers must not change it. */
  object(): JsonObject | undefined {
    if (this.#values.size > 0) this.#object ??= Object.fromEntries(this.#values);
    return this.#object;
  }
}

/** With a colon and a comma. */
function entryBytes(name: string, value: string): number {
  return byteLength(`${JSON.stringify(name)}:${JSON.stringify(value)},`);
}
