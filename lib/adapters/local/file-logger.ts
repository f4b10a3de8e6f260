/** The Logger of local schedulers: writes every line as JSON to one file per day. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/ports/clock.ts';
import type { LogFields, Logger } from '../../core/ports/logger.ts';
import { type Level, logLine } from '../log-line.ts';
import { makeFolder } from './folder.ts';

export class FileLogger implements Logger {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #next: Logger;
  readonly #fields: LogFields;

  /** Passes every line on to `next`, too. Throws ConfigurationError when the folder is missing and cannot be created. */
  constructor(dir: string, clock: Clock, next: Logger, fields: LogFields = {}) {
    makeFolder(dir);
    this.#dir = dir;
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
    return new FileLogger(this.#dir, this.#clock, this.#next.with(fields), { ...this.#fields, ...fields });
  }

  #append(level: Level, message: string, fields: LogFields = {}): void {
    const now = this.#clock.now();
    const day = new Date(now).toISOString().slice(0, 10);
    const line = logLine(now, level, message, { ...this.#fields, ...fields });
    appendFileSync(join(this.#dir, `${day}.jsonl`), `${line}\n`);
  }
}
