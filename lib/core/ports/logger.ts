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

export type LogLevel = keyof Omit<Logger, 'with'>;

/** A logger that calls `write` with each line, whose fields include those of the logger. */
export function loggerTo(
  write: (level: LogLevel, message: string, fields: LogFields) => void,
  common: LogFields = {},
): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) =>
    write(level, message, { ...common, ...fields });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => loggerTo(write, { ...common, ...fields }),
  };
}
