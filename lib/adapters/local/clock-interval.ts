import type { Clock } from '../../core/ports/clock.ts';

/** Calls `callback` every `ms` milliseconds, even if the time is set meanwhile, until the returned function is called. */
export function setClockInterval(ms: number, clock: Clock, callback: () => void): () => void {
  let cancel = clock.after(ms, tick);
  function tick(): void {
    cancel = clock.after(ms, tick);
    callback();
  }
  return () => cancel();
}
