/** Polling with a time limit. */
import { AssertionError } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { stopping } from './stopping.ts';

const POLL_MILLISECONDS = 300;

/**
 * Calls `look` until it does not throw an AssertionError, and returns its result. After the time limit it throws an error
 * with `what` and the last AssertionError. It rethrows any other error at once.
 */
export async function until<Seen>(what: string, seconds: number, look: () => Promise<Seen>): Promise<Seen> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      if (Date.now() > end) {
        throw new Error(
          `Timed out after ${seconds} s waiting until ${what}. Last failure: ${error.message}`,
          {
            cause: error,
          },
        );
      }
    }
    await pause(POLL_MILLISECONDS, undefined, { signal: stopping });
  }
}
