/**
 * Resolves at the first Ctrl-C, at SIGTERM, or when the reader of standard output has closed it. The second Ctrl-C ends
 * the process. Output that cannot be written for another reason, such as a full disk, stops nothing.
 */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
    process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') done();
    });
  });
}
