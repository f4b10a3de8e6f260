/** Has the sync Lambda resync every site. */
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Functions } from '../../core/ports/functions.ts';
import { withDeadline } from '../../runners/timing.ts';

/** Whether it ended within `waitMs` milliseconds; otherwise it goes on. Throws UnavailableError if it failed. */
export async function invokeResync(
  functions: Functions,
  clock: Clock,
  functionName: string,
  waitMs: number,
): Promise<boolean> {
  const stillRuns = new Error('The resync still runs');
  const { signal } = new AbortController();
  try {
    // Lambda completes an invocation whose caller no longer waits.
    const end = await withDeadline({ clock, seconds: waitMs / 1000, error: stillRuns }, signal, (limit) =>
      functions.invoke(functionName, { task: 'resync' }, limit),
    );
    if (end.kind === 'returned') return true;
    throw new UnavailableError(`The resync failed: ${end.message}`);
  } catch (error) {
    if (error === stillRuns) return false;
    throw error;
  }
}
