/** When to kill a process: mostly around a full minute, when every cron has something to do. */
import type { Prng } from '../simulation/prng.ts';

/** The expected activity of the process when it was killed. */
export type KillPhase = 'during startup' | 'around a full minute' | 'at a random moment';

export interface KillPlan {
  readonly phase: KillPhase;
  /** Milliseconds from the start of the process to its kill. */
  readonly delay: number;
}

/** How long a process usually needs to start. */
const STARTUP_MS = 1_000;
/** The longest wait for a full minute. */
const MAX_WAIT_MS = 8_000;

/**
 * Plans the kill of a process that starts now. The next full minute begins in `untilMinute` milliseconds, and a new one
 * every `minute` milliseconds.
 */
export function drawKillPlan(prng: Prng, untilMinute: number, minute: number): KillPlan {
  const drawn = prng.fraction();
  if (drawn < 0.15) return { phase: 'during startup', delay: prng.integer(100, STARTUP_MS) };
  let boundary = untilMinute;
  while (boundary < STARTUP_MS) boundary += minute;
  if (drawn < 0.8 && boundary <= MAX_WAIT_MS) {
    return { phase: 'around a full minute', delay: Math.round(boundary) + prng.integer(-100, 500) };
  }
  return { phase: 'at a random moment', delay: prng.integer(STARTUP_MS, 4 * STARTUP_MS) };
}
