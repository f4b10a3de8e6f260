/** A logger without secrets. It never throws, whatever is logged. */
import { plainValue } from '../domain/plain-value.ts';
import type { LogFields, Logger } from '../ports/logger.ts';

/** The logger, with `redact` applied to all texts of messages and fields, at any depth. */
export function redactingLogger(logger: Logger, redact: (text: string) => string): Logger {
  const text = (message: unknown) => {
    const plain = plainValue(message, redact);
    return typeof plain === 'string' ? plain : String(JSON.stringify(plain));
  };
  const clean = (fields?: LogFields) => fields && (plainValue(fields, redact) as LogFields);
  return {
    debug: (message, fields) => logger.debug(text(message), clean(fields)),
    info: (message, fields) => logger.info(text(message), clean(fields)),
    warn: (message, fields) => logger.warn(text(message), clean(fields)),
    error: (message, fields) => logger.error(text(message), clean(fields)),
    with: (fields) => redactingLogger(logger.with(plainValue(fields, redact) as LogFields), redact),
  };
}
