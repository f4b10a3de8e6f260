/**
 * The Logger of Lambdas and of `cloudtab start --json`: writes JSON lines to standard output. Lambda copies them to the
 * function's log group unchanged; it would wrap lines written with `console`.
 */
import type { LogFields, Logger } from '../core/ports/logger.ts';
import { type Level, logLine } from './log-line.ts';
import { systemClock } from './system-clock.ts';

/** The names of Lambda's log levels, in ascending order of severity. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export class JsonLogger implements Logger {
  readonly #fields: LogFields;
  readonly #minimum: number;

  /**
   * Adds these fields to every line, and writes lines of this level and above. An unknown level counts as INFO. Lambda
   * sets `AWS_LAMBDA_LOG_LEVEL` to the level that is configured on the function.
   */
  constructor(fields: LogFields, level: string = process.env.AWS_LAMBDA_LOG_LEVEL ?? '') {
    this.#fields = fields;
    this.#minimum = LEVELS.indexOf(LEVELS.includes(level) ? level : 'INFO');
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('DEBUG', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('INFO', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('WARN', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('ERROR', message, fields);
  }

  with(fields: LogFields): Logger {
    return new JsonLogger({ ...this.#fields, ...fields }, LEVELS[this.#minimum]);
  }

  #write(level: Level, message: string, fields: LogFields = {}): void {
    if (LEVELS.indexOf(level) < this.#minimum) return;
    process.stdout.write(`${logLine(systemClock.now(), level, message, { ...this.#fields, ...fields })}\n`);
  }
}
