import type { Clock } from '../../core/ports/clock.ts';

const LOOK_EVERY_MS = 1_000;

/** A busy process looks a little late; a jump is longer. */
const LEAST_JUMP_MS = 5_000;

/** Calls `callback` every `ms` milliseconds, even if the time is set meanwhile, until the returned function is called. */
export function setClockInterval(ms: number, clock: Clock, callback: () => void): () => void {
  let cancel = clock.after(ms, tick);
  function tick(): void {
    cancel = clock.after(ms, tick);
    callback();
  }
  return () => cancel();
}

/**
 * Calls `onJump` when the time has been set, or has passed while the computer slept, until the returned function is called.
 * `jumpMs` is negative if the time was set back.
 */
export function watchClock(clock: Clock, onJump: (jumpMs: number) => void): () => void {
  let last = clock.now();
  return setClockInterval(LOOK_EVERY_MS, clock, () => {
    const jumpMs = clock.now() - last - LOOK_EVERY_MS;
    last = clock.now();
    if (Math.abs(jumpMs) >= LEAST_JUMP_MS) onJump(jumpMs);
  });
}
