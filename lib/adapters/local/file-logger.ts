/** The Logger of local schedulers: writes every line as JSON to the log folder. */
import type { Clock } from '../../core/ports/clock.ts';
import { type Logger, loggerTo } from '../../core/ports/logger.ts';
import { logLine } from '../log-line.ts';
import type { LogFolder } from './log-folder.ts';

/** Passes every line on to `next`, too. */
export function fileLogger(folder: LogFolder, clock: Clock, next: Logger): Logger {
  return loggerTo((level, message, fields) => {
    const now = clock.now();
    folder.append(now, logLine(now, level, message, fields));
    next[level](message, fields);
  });
}
