/** Resolves at the first Ctrl-C, or when the process is asked to end; the second one does what it always does. */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
