import type { Logger } from '../../core/ports/logger.ts';

/** For commands that print a result: what the handlers have to say on the way is not part of it. */
export const quietLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => quietLogger,
};
