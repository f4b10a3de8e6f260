/** A limit of time on work that may not know of it. */
import { TimeoutError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #expired: Promise<never>;
  /** To be called when the work is done: nothing is aborted then. */
  readonly cancel: () => void;

  /** Aborts at `time`, in epoch milliseconds, with a TimeoutError of that message. */
  constructor(clock: Clock, time: number, message: string) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#expired = promise;
    // No caller may be racing when the time comes.
    promise.catch(() => undefined);
    this.cancel = clock.wake(time, () => {
      const error = new TimeoutError(message);
      this.#controller.abort(error);
      reject(error);
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The work's result; throws the TimeoutError when the time comes first, whatever the work still does. */
  race<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#expired]);
  }
}
