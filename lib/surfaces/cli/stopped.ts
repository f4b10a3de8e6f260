/**
 * Resolves at the first Ctrl-C, when the process is asked to end, or when nobody reads what it prints any more; the
 * second Ctrl-C does what it always does.
 */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
    process.stdout.once('error', () => done());
  });
}
