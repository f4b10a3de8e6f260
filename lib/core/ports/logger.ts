/** Structured lines for people who look for a site, a cron or a run. */
export interface Logger {
  /** `fields` are kept as fields, not put into the text. Neither may hold a secret. */
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Logger;
}

export type LogFields = { readonly [key: string]: unknown };
