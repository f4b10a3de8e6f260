/** Formats a log line as JSON, the same in log groups and in local files. The loggers write it. */
import type { LogFields } from '../core/ports/logger.ts';

export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/**
 * One line without a line end. Fields cannot replace timestamp, level and message. An error is written as an object
 * with its name, message, stack, cause and own properties. Never throws: a bigint and a circular reference become text.
 */
export function logLine(time: number, level: Level, message: string, fields: LogFields): string {
  const standardFields = { timestamp: new Date(time).toISOString(), level, message };
  // The first spread sets the order of the fields, the second their values.
  return JSON.stringify(toPlain({ ...standardFields, ...fields, ...standardFields }, []));
}

/** The value in terms that JSON has; `ancestors` are the objects that contain it. */
function toPlain(value: unknown, ancestors: readonly unknown[]): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[circular]';
  const path = [...ancestors, value];
  if (Array.isArray(value)) return value.map((item) => toPlain(item, path));
  // A Date or a URL has a JSON form of its own.
  if ('toJSON' in value && !(value instanceof Error)) return value;
  return Object.fromEntries(
    Object.entries(properties(value)).map(([key, item]) => [key, toPlain(item, path)]),
  );
}

function properties(value: object): object {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { ...{ name, message, stack, cause }, ...value };
}
