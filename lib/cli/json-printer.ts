/** What `cloudtab start --json` prints: a line of JSON for each event, and for each line that runs and handlers write. */
import type { Event } from '../ports/events.ts';
import type { LogFields, Logger } from '../ports/logger.ts';
import { type Level, logLine } from '../system/log-line.ts';

export class JsonPrinter implements Logger {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #fields: LogFields;

  constructor(write: (text: string) => void, now: () => number, fields: LogFields = {}) {
    this.#write = write;
    this.#now = now;
    this.#fields = fields;
  }

  /** Tells what happened. */
  event({ type, detail }: Event): void {
    const timestamp = new Date(this.#now()).toISOString();
    this.#write(`${JSON.stringify({ timestamp, event: type, ...detail })}\n`);
  }

  debug(): void {}

  info(message: string, fields?: LogFields): void {
    this.#line('INFO', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#line('WARN', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#line('ERROR', message, fields);
  }

  with(fields: LogFields): JsonPrinter {
    return new JsonPrinter(this.#write, this.#now, { ...this.#fields, ...fields });
  }

  #line(level: Level, message: string, fields: LogFields = {}): void {
    this.#write(`${logLine(this.#now(), level, message, { ...this.#fields, ...fields })}\n`);
  }
}
