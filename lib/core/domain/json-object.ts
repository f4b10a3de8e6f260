/** JSON objects among values of unknown shape. */
import type { JsonObject } from './cron.ts';

/** The most keys of one object that users write: each is validated, and a name that is not known is compared with those that are. */
export const MAX_KEYS = 1_000;

/** Whether a value that was read from JSON or YAML is an object: neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a JSON text; nothing if the text is anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
