/** Any value in terms that JSON has, for log lines. It never throws, whatever a runner logs. */

const MAX_LEVELS = 32;

/**
 * The value with each of its texts, also the names of fields, replaced by what `change` returns for it. An error becomes an
 * object with its name, message, stack without the message, cause and own properties; a bigint, bytes, and what cannot be
 * read become text.
 */
export function plainValue(
  value: unknown,
  change: (text: string) => string,
  ancestors: readonly unknown[] = [],
): unknown {
  try {
    if (typeof value === 'string') return change(value);
    if (typeof value === 'number') return plainNumber(value, change);
    if (typeof value === 'bigint') return change(String(value));
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (ancestors.includes(value)) return '[circular]';
    if (ancestors.length === MAX_LEVELS) return '[more levels]';
    return plainObject(value, change, [...ancestors, value]);
  } catch {
    return '[unreadable]';
  }
}

function plainNumber(value: number, change: (text: string) => string): number | string {
  const text = String(value);
  const changed = change(text);
  return changed === text ? value : changed;
}

function plainObject(value: object, change: (text: string) => string, path: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((item) => plainValue(item, change, path));
  if (value instanceof Error) return plainFields(errorFields(value), change, path);
  // A Date or a URL has a JSON form of its own.
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return plainValue(value.toJSON(), change, path);
  return plainFields(value, change, path);
}

function plainFields(fields: object, change: (text: string) => string, path: readonly unknown[]): unknown {
  return Object.fromEntries(
    Object.entries(fields).map(([key, item]) => [
      change(key),
      plainValue(key === 'stack' ? framesOf(item) : item, change, path),
    ]),
  );
}

function errorFields(error: Error): object {
  const { name, message, stack, cause } = error;
  return Object.assign({ name, message, stack, cause }, error);
}

/** The frames of a stack: the message, which precedes them, is a field of its own. */
function framesOf(stack: unknown): unknown {
  return typeof stack === 'string' ? stack.replace(/^.*?\n {4}(?=at )/s, '') : stack;
}
