/** Deadlines of runners, by the clock of the run and no longer than the run. */
import type { Clock } from '../core/ports/clock.ts';

/**
 * What the work returns. Its signal is aborted after so many seconds, with that error, or with `signal`; then the reason is
 * thrown, which explains more than the error of what was aborted.
 */
export async function withDeadline<Result>(
  { clock, seconds, error }: { readonly clock: Clock; readonly seconds: number; readonly error: Error },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const cancel = clock.after(seconds * 1000, () => controller.abort(error));
  const limit = AbortSignal.any([signal, controller.signal]);
  try {
    return await work(limit);
  } catch (failure) {
    limit.throwIfAborted();
    throw failure;
  } finally {
    cancel();
  }
}
