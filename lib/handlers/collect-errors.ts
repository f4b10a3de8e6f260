/** Work on many things where one failure must not stop the others. */

/** `run` keeps what is thrown; `finish` throws it all as one AggregateError with `message`, or nothing. */
export function collectErrors(message: string): {
  run(work: () => Promise<void>): Promise<void>;
  finish(): void;
} {
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
