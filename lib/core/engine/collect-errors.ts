/** Work on many items in which one failure must not stop the others. */

/** `run` keeps the error of its work; `finish` throws all errors as one AggregateError, if there are any. */
export interface ErrorCollection {
  /** The result of the work, unless it fails. */
  run<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
  finish(): void;
}

/** The message of the AggregateError begins with `message`. */
export function collectErrors(message: string): ErrorCollection {
  const errors: unknown[] = [];
  return {
    async run(work) {
      try {
        return await work();
      } catch (error) {
        errors.push(error);
        return undefined;
      }
    },
    finish() {
      if (errors.length > 0) throw new AggregateError(errors, `${message}: ${errors.map(String).join('; ')}`);
    },
  };
}
