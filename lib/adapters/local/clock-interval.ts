import type { Clock } from '../../core/ports/clock.ts';

/** Calls `callback` every `ms` milliseconds, until the returned function is called. */
export function setClockInterval(ms: number, clock: Clock, callback: () => void): () => void {
  let cancel = clock.wake(clock.now() + ms, tick);
  function tick(): void {
    cancel = clock.wake(clock.now() + ms, tick);
    callback();
  }
  return () => cancel();
}
