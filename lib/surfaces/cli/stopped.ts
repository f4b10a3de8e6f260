/**
 * Resolves at the first Ctrl-C, at SIGTERM, or when the reader of standard output has closed it. The second Ctrl-C ends
 * the process.
 */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => {
      // Not by the signal: this process kills the programs that it started when it exits.
      process.once('SIGINT', () => process.exit(130));
      done();
    });
    process.once('SIGTERM', () => done());
    process.stdout.once('error', () => done());
  });
}
