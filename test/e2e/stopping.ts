/** Ctrl-C and its kin: whatever waits is called off, so that the test can clean up and end. */
const controller = new AbortController();

/** Aborted when somebody wants this process to end. */
export const stopping: AbortSignal = controller.signal;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => controller.abort(new Error(`Stopped by ${signal}.`)));
}
