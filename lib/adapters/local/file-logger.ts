/** The Logger of local schedulers: writes every line as JSON to the log folder. */
import type { Clock } from '../../core/ports/clock.ts';
import type { LogFields, Logger } from '../../core/ports/logger.ts';
import { type Level, logLine } from '../log-line.ts';
import type { LogFolder } from './log-folder.ts';

export class FileLogger implements Logger {
  readonly #folder: LogFolder;
  readonly #clock: Clock;
  readonly #next: Logger;
  readonly #fields: LogFields;

  /** Passes every line on to `next`, too. */
  constructor(folder: LogFolder, clock: Clock, next: Logger, fields: LogFields = {}) {
    this.#folder = folder;
    this.#clock = clock;
    this.#next = next;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#append('DEBUG', message, fields);
    this.#next.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#append('INFO', message, fields);
    this.#next.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#append('WARN', message, fields);
    this.#next.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#append('ERROR', message, fields);
    this.#next.error(message, fields);
  }

  with(fields: LogFields): Logger {
    return new FileLogger(this.#folder, this.#clock, this.#next.with(fields), { ...this.#fields, ...fields });
  }

  #append(level: Level, message: string, fields: LogFields = {}): void {
    const now = this.#clock.now();
    this.#folder.append(now, logLine(now, level, message, { ...this.#fields, ...fields }));
  }
}
