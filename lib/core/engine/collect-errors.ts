/** Work on many things where one failure must not stop the others. */

/** `run` keeps what is thrown; `finish` throws it all as one AggregateError, or nothing. */
export interface ErrorCollection {
  run(work: () => Promise<unknown>): Promise<void>;
  finish(): void;
}

/** `message` is what the AggregateError begins with. */
export function collectErrors(message: string): ErrorCollection {
  const errors: unknown[] = [];
  return {
    async run(work) {
      try {
        await work();
      } catch (error) {
        errors.push(error);
      }
    },
    finish() {
      if (errors.length > 0) throw new AggregateError(errors, `${message}: ${errors.map(String).join('; ')}`);
    },
  };
}
