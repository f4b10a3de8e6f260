/**
 * Preloaded into the tested command (`node --import`): makes its clock and its timers run faster, so that one real
 * minute holds many of its minutes. Processes with the same environment variables agree on the time. The command is
 * not changed.
 */
const { FAST_CLOCK_STARTED_AT = '0', FAST_CLOCK_PACE = '1' } = process.env;
const startedAt = Number(FAST_CLOCK_STARTED_AT);
const pace = Number(FAST_CLOCK_PACE);

const realNow = Date.now;
Date.now = () => Math.floor(startedAt + (realNow() - startedAt) * pace);

const realSetTimeout = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (callback: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) =>
    realSetTimeout(callback, milliseconds / pace, ...args),
  realSetTimeout,
);
