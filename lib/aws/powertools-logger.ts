/** The Logger of Lambdas: JSON lines in the function's log group, by Powertools. Where they go is AWS's business. */
import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import type { LogFields, Logger } from '../ports/logger.ts';

/** What is written: lines of this level and above. */
export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export class PowertoolsLogger implements Logger {
  readonly #lines: Powertools;

  private constructor(lines: Powertools) {
    this.#lines = lines;
  }

  /** A logger whose lines carry `service`, by which a search finds them among others. */
  static make(service: string, level: Level = 'INFO'): PowertoolsLogger {
    return new PowertoolsLogger(new Powertools({ serviceName: service, logLevel: level }));
  }

  debug(message: string, fields: LogFields = {}): void {
    this.#lines.debug(message, { ...fields });
  }

  info(message: string, fields: LogFields = {}): void {
    this.#lines.info(message, { ...fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#lines.warn(message, { ...fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.#lines.error(message, { ...fields });
  }

  with(fields: LogFields): Logger {
    return new PowertoolsLogger(this.#lines.createChild({ persistentKeys: { ...fields } }));
  }
}
