/** The time, and callbacks at a time. The core reads no other clock, so that tests and simulations control it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Calls back once at `time` (epoch milliseconds), at once if it has passed, never early.
   * Returns a function that cancels the callback; cancelling again, or after the callback, does nothing.
   */
  wake(time: number, callback: () => void): () => void;
}

/** Resolves after so many milliseconds of the clock. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.wake(clock.now() + milliseconds, resolve);
  });
}
