/** The time, and callbacks at a time. The core reads no other clock, so that tests and simulations control it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Calls back once at `time` (epoch milliseconds), at once if it has passed, never early.
   * Returns a function that cancels the callback; cancelling again, or after the callback, does nothing.
   */
  wake(time: number, callback: () => void): () => void;
  /**
   * Calls back once when so many milliseconds have passed, even if the time is set meanwhile. Returns a function that cancels
   * the callback, as that of `wake` does.
   */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Resolves when so many milliseconds have passed, or when the signal is aborted. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', end);
      resolve();
    });
    function end(): void {
      cancel();
      resolve();
    }
    signal?.addEventListener('abort', end, { once: true });
  });
}
