import { setImmediate } from 'node:timers/promises';

/** Lets the event loop do whatever else is due. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}
