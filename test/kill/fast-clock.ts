/**
 * Loaded before the command (`node --import`): its clock runs faster, so that a minute of ours holds many of its own.
 * All processes that are given the same beginning agree on the time. Nothing of the command itself is changed.
 */
const { FAST_CLOCK_SINCE = '0', FAST_CLOCK_PACE = '1' } = process.env;
const since = Number(FAST_CLOCK_SINCE);
const pace = Number(FAST_CLOCK_PACE);

const now = Date.now;
Date.now = () => Math.floor(since + (now() - since) * pace);

const wait = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (callback: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) =>
    wait(callback, milliseconds / pace, ...args),
  wait,
);
