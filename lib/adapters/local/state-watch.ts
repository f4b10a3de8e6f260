/** Notices that the file of the state was removed or replaced while a process uses it. */
import { statSync } from 'node:fs';
import { ConfigurationError } from '../../core/domain/errors.ts';

export class StateWatch {
  readonly #file: string;
  readonly #inode: number | undefined;
  readonly #lost = Promise.withResolvers<never>();

  /** The file exists. */
  constructor(file: string) {
    this.#file = file;
    this.#inode = inodeOf(file);
    this.#lost.promise.catch(() => undefined);
  }

  /** Throws ConfigurationError once a check has found that the file is another one: nothing that is written is kept. */
  get untilLost(): Promise<never> {
    return this.#lost.promise;
  }

  check(): void {
    if (inodeOf(this.#file) === this.#inode) return;
    this.#lost.reject(
      new ConfigurationError(
        `The state in ${this.#file} was removed or replaced while this process used it. Start again: crons come from their files, and run records that are gone stay lost.`,
      ),
    );
  }
}

/** Identifies the file; nothing if it does not exist or cannot be reached. */
function inodeOf(file: string): number | undefined {
  try {
    return statSync(file).ino;
  } catch {
    return undefined;
  }
}
