/** Discards everything: commands print only their result. */
import type { Logger } from '../core/ports/logger.ts';

function discard(): void {}

export const quietLogger: Logger = {
  debug: discard,
  info: discard,
  warn: discard,
  error: discard,
  with: () => quietLogger,
};
