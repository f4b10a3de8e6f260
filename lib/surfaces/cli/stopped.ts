/**
 * Resolves at the first Ctrl-C, at SIGTERM, or when the reader of standard output has closed it. The second Ctrl-C ends
 * the process.
 */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
    process.stdout.once('error', () => done());
  });
}
