/** Structured log lines, which users search by site, cron or run. */
export interface Logger {
  /** `fields` are stored as fields, not in the text. Neither may hold a secret. */
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Logger;
}

export type LogFields = { readonly [key: string]: unknown };
