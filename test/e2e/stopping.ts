/** Graceful shutdown: a signal such as Ctrl-C aborts all waiting, so that the test cleans up and exits. */
const controller = new AbortController();

/** Aborted when this process receives a signal to stop. */
export const stopping: AbortSignal = controller.signal;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => controller.abort(new Error(`Stopped by ${signal}.`)));
}
