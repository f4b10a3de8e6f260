/** The computer's clock. */
import type { Clock } from '../ports/clock.ts';

/**
 * How long at most until the clock is looked at again: a timer stands still while a laptop sleeps, and a person may
 * set the clock. It is also far below the 24 days that a timer can hold.
 */
const LOOK_MS = 10_000;

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  /** Late by 10 seconds at most after the clock was set or the computer slept. Keeps the process alive. */
  wake(time: number, callback: () => void): () => void {
    const look = () => {
      if (Date.now() < time) timeout = wait();
      else callback();
    };
    const wait = () => setTimeout(look, Math.min(time - Date.now(), LOOK_MS));
    let timeout = wait();
    return () => clearTimeout(timeout);
  }
}
