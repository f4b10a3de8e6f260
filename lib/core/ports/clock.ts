/** The time, and being woken at a time. Never read from anywhere else, so that tests and simulations own it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Calls back once when `time` (epoch milliseconds) has come, at once when it has passed, never early.
   * Returns how to call it off; calling off twice, or after the call, does nothing.
   */
  wake(time: number, callback: () => void): () => void;
}

/** Resolves after that many milliseconds of that clock. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.wake(clock.now() + milliseconds, resolve);
  });
}
