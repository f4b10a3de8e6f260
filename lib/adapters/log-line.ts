/** A line of a log as JSON, the same in a log group and in the files of a laptop. Where it goes is the logger's. */
import type { LogFields } from '../core/ports/logger.ts';

export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/**
 * One line without its end. Fields cannot take the place of what every line says. Errors have name, message, stack,
 * cause and whatever was added to them; whatever JSON cannot say is said in its own way rather than thrown.
 */
export function logLine(time: number, level: Level, message: string, fields: LogFields): string {
  const always = { timestamp: new Date(time).toISOString(), level, message };
  // Twice: the first for the order, the second for the values.
  return JSON.stringify(plain({ ...always, ...fields, ...always }, []));
}

/** What JSON can say of it; `above` are the objects that it is in. */
function plain(value: unknown, above: readonly unknown[]): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  const within = [...above, value];
  if (Array.isArray(value)) return value.map((item) => plain(item, within));
  // Moments and addresses say themselves what they are in JSON.
  if ('toJSON' in value && !(value instanceof Error)) return value;
  return Object.fromEntries(Object.entries(shown(value)).map(([key, item]) => [key, plain(item, within)]));
}

function shown(value: object): object {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { ...{ name, message, stack, cause }, ...value };
}
