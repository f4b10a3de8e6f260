/** The machine's clock. It stands alone so that Lambdas and the laptop share it; who is woken for what is theirs. */
import type { Clock } from '../ports/clock.ts';

/** What setTimeout can count: a longer wait is made of several. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The real time. A wake keeps the process alive until it has come or was called off. */
export const systemClock: Clock = {
  now: () => Date.now(),

  wake(time, callback) {
    let timeout: NodeJS.Timeout;
    const wait = () => {
      const left = time - Date.now();
      timeout = left > 0 ? setTimeout(wait, Math.min(left, LONGEST_WAIT)) : setTimeout(callback, 0);
    };
    wait();
    return () => clearTimeout(timeout);
  },
};

/** Resolves after that many milliseconds of that clock. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.wake(clock.now() + milliseconds, resolve);
  });
}
