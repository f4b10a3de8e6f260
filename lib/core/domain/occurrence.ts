/** Occurrences: the times at which a cron should run, and their deliveries. What becomes of them is claim.ts. */

/** One time at which a cron should run: planned by its periodicity, or requested by a user. */
export interface Occurrence {
  /** Epoch milliseconds; for a requested run the time of the request. */
  readonly plannedAt: number;
  /** The id of the run; present if a user requested it, absent if it was planned. */
  readonly forced?: string;
}

/** The message that starts the run handler. It may arrive late, more than once, or never. */
export interface Delivery extends Occurrence {
  readonly site: string;
  readonly uid: string;
  /** Who requested the run; absent if it was planned, or if the caller is unknown. */
  readonly requestedBy?: string;
  /** A requested run takes place although the cron or its crontab is switched off. */
  readonly evenOff?: true;
}

/**
 * How late a start may be and still count as on time, in milliseconds: a timer's precision plus the retries of its
 * delivery. `missed` and `maxLateness` apply to older times only.
 */
export const GRACE_MS = 5 * 60_000;

/** How far two clocks may differ, in milliseconds: a delivery may arrive that much too early, but no more. */
export const MAX_EARLY_MS = 60_000;

/** Whether an occurrence was requested by a user. */
export function isForced<Some extends Occurrence>(occurrence: Some): occurrence is Some & { forced: string } {
  return occurrence.forced !== undefined;
}
