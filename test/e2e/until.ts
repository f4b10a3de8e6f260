/** Waiting for what takes a while somewhere else, with a limit, and with a word about what was seen last. */
import { AssertionError } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { stopping } from './stopping.ts';

const BETWEEN_LOOKS = 300;

/**
 * Looks again and again until `look` does not throw an AssertionError, and returns what it returned. When the time is
 * up it throws the last assertion, with `what` in front. Any other error ends the waiting at once.
 */
export async function until<Seen>(what: string, seconds: number, look: () => Promise<Seen>): Promise<Seen> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      if (Date.now() > end) {
        throw new Error(`Waited ${seconds} s in vain until ${what}. Seen last: ${error.message}`, {
          cause: error,
        });
      }
    }
    await pause(BETWEEN_LOOKS, undefined, { signal: stopping });
  }
}
