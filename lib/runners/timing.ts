/** Pauses and deadlines of runners, by the clock of the run and no longer than the run. */
import { type Clock, pause } from '../core/ports/clock.ts';

/** Waits so many seconds. Throws the signal's reason as soon as the signal is aborted. */
export async function sleep(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await pause(clock, seconds * 1000, signal);
  signal.throwIfAborted();
}

/** A time limit within the run's own. */
export interface Deadline {
  /** Aborted at the deadline, or with the run. */
  readonly signal: AbortSignal;
  /** Call it when the work is done. */
  readonly cancel: () => void;
}

/** A deadline after so many seconds, with that error; earlier if `signal` is aborted. */
export function deadline(clock: Clock, seconds: number, signal: AbortSignal, error: Error): Deadline {
  const controller = new AbortController();
  const cancel = clock.after(seconds * 1000, () => controller.abort(error));
  return { signal: AbortSignal.any([signal, controller.signal]), cancel };
}
