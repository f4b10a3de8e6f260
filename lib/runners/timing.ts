/** Waiting in a run: by the clock that was handed in, and no longer than the run lasts. */
import type { Clock } from '../core/ports/clock.ts';

/** Waits so many seconds. Throws the signal's reason as soon as that is aborted. */
export function sleep(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.reject(signal.reason);
  const abort = () => {
    cancel();
    reject(signal.reason);
  };
  const cancel = clock.wake(clock.now() + seconds * 1000, () => {
    signal.removeEventListener('abort', abort);
    resolve();
  });
  signal.addEventListener('abort', abort, { once: true });
  return promise;
}

/** A limit of time within a run's own. */
export interface Deadline {
  /** Aborted when time is up, or with the run. */
  readonly signal: AbortSignal;
  /** To be called when the work is done. */
  readonly cancel: () => void;
}

/** A deadline after so many seconds, with that error; or earlier, with `signal`. */
export function deadline(clock: Clock, seconds: number, signal: AbortSignal, error: Error): Deadline {
  const controller = new AbortController();
  const cancel = clock.wake(clock.now() + seconds * 1000, () => controller.abort(error));
  return { signal: AbortSignal.any([signal, controller.signal]), cancel };
}
