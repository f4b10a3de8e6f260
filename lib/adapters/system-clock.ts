/** The Clock of Lambdas and of local schedulers: the computer's clock and timers. */
import type { Clock } from '../core/ports/clock.ts';

/**
 * The longest wait, in milliseconds, before the clock is read again: a timer does not advance while a laptop sleeps, a
 * user may set the clock, and setTimeout waits at most 24 days.
 */
const MAX_WAIT_MS = 10_000;

/**
 * The real time. A pending wake keeps the process alive. It is late by 10 seconds at most after the computer slept or
 * its clock was set.
 */
export const systemClock: Clock = {
  now: () => Date.now(),

  wake(time, callback) {
    const wait = () => setTimeout(check, Math.min(Math.max(time - Date.now(), 0), MAX_WAIT_MS));
    const check = () => {
      if (Date.now() >= time) callback();
      else timeout = wait();
    };
    let timeout = wait();
    return () => clearTimeout(timeout);
  },

  after(milliseconds, callback) {
    const timeout = setTimeout(callback, milliseconds);
    return () => clearTimeout(timeout);
  },
};
