/** The interval after which a page is refreshed. */

export interface RefreshTimes {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When the next run is planned. */
  readonly next?: number | undefined;
  readonly running: boolean;
  /** The user has just requested something. */
  readonly isEager: boolean;
}

const MIN_SECONDS = 2;
const MAX_SECONDS = 20;

/** In seconds: short during a run, right after the next planned run, and at most 20. */
export function refreshSeconds({ now, next, running, isEager }: RefreshTimes): number {
  if (isEager) return 1;
  if (running) return MIN_SECONDS;
  if (next === undefined) return MAX_SECONDS;
  return Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, Math.ceil((next - now) / 1000) + 2));
}
