/** How soon a page is worth looking at again. */

export interface RefreshTimes {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When the next run is planned. */
  readonly next?: number | undefined;
  readonly running: boolean;
  /** Something was just asked for. */
  readonly isEager: boolean;
}

const LEAST = 2;
const MOST = 20;

/** Seconds: soon when something goes on, right after the next run, and now and then in any case. */
export function refreshSeconds({ now, next, running, isEager }: RefreshTimes): number {
  if (isEager) return 1;
  if (running) return LEAST;
  if (next === undefined) return MOST;
  return Math.min(MOST, Math.max(LEAST, Math.ceil((next - now) / 1000) + 2));
}
