/** How long a call waits for the lock of another process, in milliseconds: it blocks the event loop. Its caller tries again. */
export const BUSY_MS = 250;
