/** The fast clock as the others see it who run at the usual pace: the same time as in the processes that are killed. */

const MINUTE = 60_000;

export interface FastClock {
  /** Epoch milliseconds of the fast clock. */
  now(): number;
  /** How many of our milliseconds are left until its next whole minute. */
  untilMinute(): number;
  /** What fast-clock.ts wants to know. */
  readonly env: Readonly<Record<string, string>>;
}

/** A clock that agrees with ours now, and runs `pace` times as fast. */
export function fastClock(pace: number): FastClock {
  const since = Date.now();
  const now = () => Math.floor(since + (Date.now() - since) * pace);
  return {
    now,
    untilMinute: () => (MINUTE - (now() % MINUTE)) / pace,
    env: { FAST_CLOCK_SINCE: String(since), FAST_CLOCK_PACE: String(pace) },
  };
}
