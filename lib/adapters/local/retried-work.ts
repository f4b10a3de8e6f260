/** Work that is tried again with growing pauses while something is unavailable. Afterwards a sweep or a resync repeats it. */
import { messageOf, UnavailableError } from '../../core/domain/errors.ts';
import { type Clock, pause } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';

/** Pauses before the next attempt, in milliseconds. */
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export interface RetryOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** No further attempt is made once it is aborted. */
  readonly stopped: AbortSignal;
  /** Called at each failure. */
  readonly onFailure: () => void;
}

interface Queue {
  add(work: () => Promise<unknown>): Promise<unknown>;
}

/** Does the work in its turn of the queue. Returns when it is done, or given up: that is logged. */
export async function attemptWork(
  options: RetryOptions,
  queue: Queue,
  what: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const { clock, logger, stopped, onFailure } = options;
  for (const pauseMs of [...PAUSES, undefined]) {
    try {
      await queue.add(work);
      return;
    } catch (error) {
      onFailure();
      const text = `${what} failed: ${messageOf(error)}`;
      if (pauseMs === undefined || !(error instanceof UnavailableError)) {
        logger.error(text, { code: `${what}-failed`, error });
        return;
      }
      logger.warn(`${text} It is tried again.`, { code: `${what}-repeated`, error });
      if (!stopped.aborted) await pause(clock, pauseMs, stopped);
      if (stopped.aborted) return;
    }
  }
}
