/**
 * Resolves at the first Ctrl-C, at SIGTERM, or when the reader of standard output has closed it. The second Ctrl-C ends
 * the process. Output that cannot be written for another reason, such as a full disk, stops nothing.
 */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    onStop(done);
  });
}

/** The signal is aborted when `untilStopped` resolves. After disposal the first Ctrl-C ends the process. */
export function stopSignal(): Disposable & { readonly signal: AbortSignal } {
  const stop = new AbortController();
  const forget = onStop(() => stop.abort());
  return { signal: stop.signal, [Symbol.dispose]: forget };
}

/** Returns a function that cancels the callback. */
function onStop(stop: () => void): () => void {
  const onError = ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.on('error', onError);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.stdout.off('error', onError);
  };
}
