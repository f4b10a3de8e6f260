/** The machine's clock. Lambdas and the laptop share it. */
import type { Clock } from '../core/ports/clock.ts';

/**
 * The longest wait before the clock is read again: a timer does not advance while a laptop sleeps, a user may set the
 * clock, and setTimeout waits at most 24 days.
 */
const LONGEST_WAIT = 10_000;

/**
 * The real time. A wake keeps the process alive until it has come or was called off; it is late by 10 seconds at most
 * after the machine slept or its clock was set.
 */
export const systemClock: Clock = {
  now: () => Date.now(),

  wake(time, callback) {
    const left = () => Math.min(Math.max(time - Date.now(), 0), LONGEST_WAIT);
    const look = () => {
      if (Date.now() >= time) callback();
      else timeout = setTimeout(look, left());
    };
    let timeout = setTimeout(look, left());
    return () => clearTimeout(timeout);
  },
};
