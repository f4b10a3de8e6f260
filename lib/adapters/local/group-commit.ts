/**
 * Group commit: writes that are made in one turn of the event loop share a transaction, because the disk takes longer to make
 * a transaction durable than to apply it.
 */
import type { DatabaseSync } from 'node:sqlite';
import { transact } from './sqlite-database.ts';

/** The event loop does nothing else while a transaction is written. */
const MAX_WRITES = 50;

interface Write {
  readonly step: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #urgent: Write[] = [];
  readonly #others: Write[] = [];
  #isScheduled = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Resolves with the step's result once its transaction is durable. Urgent steps go before all others. Rejects with an
   * UnavailableError if the step or its transaction fails; a step that fails harms no other one.
   */
  write<Result>(step: () => Result, isUrgent = false): Promise<Result> {
    return new Promise<unknown>((resolve, reject) => {
      const writes = isUrgent ? this.#urgent : this.#others;
      writes.push({ step, resolve, reject });
      this.#schedule();
    }) as Promise<Result>;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const urgent = this.#urgent.splice(0, MAX_WRITES);
      this.#commit([...urgent, ...this.#others.splice(0, MAX_WRITES - urgent.length)]);
      if (this.#urgent.length + this.#others.length > 0) this.#schedule();
    });
  }

  #commit(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    let current: Write | undefined;
    try {
      const results = transact(this.#database, () =>
        writes.map((write) => {
          current = write;
          const result = write.step();
          current = undefined;
          return result;
        }),
      );
      for (const [index, { resolve }] of writes.entries()) resolve(results[index]);
    } catch (error) {
      const failed = current ? [current] : writes;
      for (const { reject } of failed) reject(error);
      this.#commit(writes.filter((write) => !failed.includes(write)));
    }
  }
}
