/** The Clock of Lambdas and of local schedulers: the computer's clock and timers. */
import type { Clock } from '../core/ports/clock.ts';

/**
 * The longest wait, in milliseconds, before the clock is read again: a timer does not advance while a laptop sleeps, a
 * user may set the clock, and setTimeout waits at most 24 days.
 */
const MAX_WAIT_MS = 10_000;

/** Wakes that are further away: what to do when they are near, and their times. One timer checks all of them. */
const far = new Map<() => void, number>();
let farTimer: NodeJS.Timeout | undefined;

/**
 * The real time. A pending wake keeps the process alive. It is late by 10 seconds at most after the computer slept or
 * its clock was set.
 */
export const systemClock: Clock = {
  now: () => Date.now(),

  wake(time, callback) {
    let timeout: NodeJS.Timeout | undefined;
    const check = () => {
      if (Date.now() >= time) callback();
      else wait();
    };
    const wait = () => {
      const waitMs = time - Date.now();
      if (waitMs > MAX_WAIT_MS) addFar(check, time);
      else timeout = setTimeout(check, Math.max(waitMs, 0));
    };
    wait();
    return () => {
      clearTimeout(timeout);
      removeFar(check);
    };
  },

  after(milliseconds, callback) {
    const timeout = setTimeout(callback, milliseconds);
    return () => clearTimeout(timeout);
  },
};

function addFar(check: () => void, time: number): void {
  far.set(check, time);
  farTimer ??= setTimeout(checkFar, MAX_WAIT_MS);
}

function removeFar(check: () => void): void {
  far.delete(check);
  if (far.size > 0) return;
  clearTimeout(farTimer);
  farTimer = undefined;
}

function checkFar(): void {
  const soon = Date.now() + MAX_WAIT_MS;
  farTimer = setTimeout(checkFar, MAX_WAIT_MS);
  for (const [check, time] of far) {
    if (time > soon) continue;
    removeFar(check);
    check();
  }
}
