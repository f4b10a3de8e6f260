/** The machine's clock. It stands alone so that Lambdas and the laptop share it; who is woken for what is theirs. */
import type { Clock } from '../core/ports/clock.ts';

/**
 * How long at most until the clock is looked at again: a timer stands still while a laptop sleeps, a person may set
 * the clock, and setTimeout counts 24 days at most.
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
