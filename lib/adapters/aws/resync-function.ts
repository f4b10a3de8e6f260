/** Has the sync Lambda resync every site. */
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Functions } from '../../core/ports/functions.ts';

/** Whether it ended within `waitMs` milliseconds; otherwise it goes on. Throws UnavailableError if it failed. */
export async function invokeResync(
  functions: Functions,
  clock: Clock,
  functionName: string,
  waitMs: number,
): Promise<boolean> {
  const stillRuns = new Error('The resync still runs');
  const stop = new AbortController();
  // Lambda completes an invocation whose caller no longer waits.
  const cancel = clock.after(waitMs, () => stop.abort(stillRuns));
  try {
    const end = await functions.invoke(functionName, { task: 'resync' }, stop.signal);
    if (end.kind === 'returned') return true;
    throw new UnavailableError(`The resync failed: ${end.message}`);
  } catch (error) {
    if (error === stillRuns) return false;
    throw error;
  } finally {
    cancel();
  }
}
