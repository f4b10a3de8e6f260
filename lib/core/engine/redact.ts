/** Removes secrets from texts that are shown or logged. */
import type { LogFields, Logger } from '../ports/logger.ts';

const MARK = '[secret]';
/** A part of a secret that is shorter may be an ordinary word. */
const SHORTEST_PART = 8;

/**
 * Returns a function that replaces with `[secret]` each value, its long parts (its words, the path and the query of a URL),
 * and their encoded forms: in a URL, in JSON, in base64.
 */
export function redactor(values: readonly string[]): (text: string) => string {
  const forms = new Set(values.flatMap((value) => [value, ...parts(value)]).flatMap(encodings));
  forms.delete('');
  if (forms.size === 0) return (text) => text;
  // Longer ones first: one may contain another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  const any = new RegExp(ordered.map(escaped).join('|'), 'g');
  return (text) => text.replace(any, MARK);
}

/** The logger, without secrets in any message or field, at any depth. */
export function redactingLogger(logger: Logger, redact: (text: string) => string): Logger {
  const clean = (fields?: LogFields) => fields && (cleaned(fields, redact) as LogFields);
  return {
    debug: (message, fields) => logger.debug(redact(message), clean(fields)),
    info: (message, fields) => logger.info(redact(message), clean(fields)),
    warn: (message, fields) => logger.warn(redact(message), clean(fields)),
    error: (message, fields) => logger.error(redact(message), clean(fields)),
    with: (fields) => redactingLogger(logger.with(cleaned(fields, redact) as LogFields), redact),
  };
}

function parts(value: string): string[] {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const pieces = url
    ? [url.href, url.pathname + url.search, url.pathname, url.search.slice(1)]
    : value.split(/\s+/);
  return pieces.filter((piece) => piece.length >= SHORTEST_PART);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function encodings(value: string): string[] {
  return [
    value,
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64'),
  ];
}

function cleaned(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return cleanedError(value, redact);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, redact));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item, redact)]));
}

/** Stays an error, so that a logger writes it as one. */
function cleanedError(error: Error, redact: (text: string) => string): Error {
  const cause = error.cause === undefined ? {} : { cause: cleaned(error.cause, redact) };
  const copy = new Error(redact(error.message), cause);
  copy.name = error.name;
  copy.stack = error.stack && redact(error.stack);
  return copy;
}
