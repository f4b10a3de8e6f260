/**
 * JSON lines on standard output: the Logger of Lambdas, and of `cloudtab start --json`. Lambda writes
 * them to the function's log group unchanged; it would wrap lines of the console in lines of its own.
 */
import type { LogFields, Logger } from '../core/ports/logger.ts';
import { type Level, logLine } from './log-line.ts';
import { systemClock } from './system-clock.ts';

/** From the least important on, as Lambda's settings call them. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export class JsonLogger implements Logger {
  readonly #fields: LogFields;
  readonly #least: number;

  /**
   * Adds these fields to every line. Writes lines of that level and above; of INFO and above when there is no such
   * level. Lambda says the one that was set on the function in `AWS_LAMBDA_LOG_LEVEL`.
   */
  constructor(fields: LogFields, level: string = process.env.AWS_LAMBDA_LOG_LEVEL ?? '') {
    this.#fields = fields;
    this.#least = LEVELS.indexOf(LEVELS.includes(level) ? level : 'INFO');
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
    return new JsonLogger({ ...this.#fields, ...fields }, LEVELS[this.#least]);
  }

  #write(level: Level, message: string, fields: LogFields = {}): void {
    if (LEVELS.indexOf(level) < this.#least) return;
    process.stdout.write(`${logLine(systemClock.now(), level, message, { ...this.#fields, ...fields })}\n`);
  }
}
