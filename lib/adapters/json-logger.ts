/**
 * The Logger of Lambdas and of `cloudtab start --json`: writes JSON lines to standard output. Lambda copies them to the
 * function's log group unchanged; it would wrap lines written with `console`.
 */
import { type LogFields, type Logger, loggerTo } from '../core/ports/logger.ts';
import { logLine } from './log-line.ts';
import { systemClock } from './system-clock.ts';

/** The names of Lambda's log levels, in ascending order of severity. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * Adds these fields to every line, and writes lines of this level and above. An unknown level counts as INFO. Lambda
 * sets `AWS_LAMBDA_LOG_LEVEL` to the level that is configured on the function.
 */
export function jsonLogger(
  common: LogFields,
  level: string = process.env.AWS_LAMBDA_LOG_LEVEL ?? '',
): Logger {
  const minimum = LEVELS.indexOf(LEVELS.includes(level) ? level : 'INFO');
  return loggerTo((lineLevel, message, fields) => {
    if (LEVELS.indexOf(lineLevel.toUpperCase()) < minimum) return;
    process.stdout.write(`${logLine(systemClock.now(), lineLevel, message, fields)}\n`);
  }, common);
}
