import type { Clock } from '../../core/ports/clock.ts';

/** Calls back each time so many milliseconds have gone by. Returns how to stop it. */
export function setClockInterval(ms: number, clock: Clock, callback: () => void): () => void {
  let cancel = clock.wake(clock.now() + ms, tick);
  function tick(): void {
    cancel = clock.wake(clock.now() + ms, tick);
    callback();
  }
  return () => cancel();
}
