/** The fast clock of the tested processes, computed in this process, whose own clock runs at the usual pace. */

const MINUTE = 60_000;

export interface FastClock {
  /** Epoch milliseconds of the fast clock. */
  now(): number;
  /** Real milliseconds until the next full minute of the fast clock. */
  untilMinute(): number;
  /** The environment variables that fast-clock-preload.ts reads. */
  readonly env: Readonly<Record<string, string>>;
}

/** A clock that shows the real time now and then runs `pace` times as fast. */
export function fastClock(pace: number): FastClock {
  const startedAt = Date.now();
  const now = () => Math.floor(startedAt + (Date.now() - startedAt) * pace);
  return {
    now,
    untilMinute: () => (MINUTE - (now() % MINUTE)) / pace,
    env: { FAST_CLOCK_STARTED_AT: String(startedAt), FAST_CLOCK_PACE: String(pace) },
  };
}
