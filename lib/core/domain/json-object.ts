/** JSON objects among values of unknown shape. */
import type { JsonObject } from './cron.ts';

/** The most keys of one object that users write: each is validated, and a name that is not known is compared with those that are. */
export const MAX_KEYS = 1_000;

/** Whether a value that was read from JSON or YAML is an object: neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a text of this program; nothing if it is no JSON. For a text of a user, json-text.ts says why. */
export function valueOfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object in a JSON text; nothing if the text is anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const value = valueOfJson(text);
  return isJsonObject(value) ? value : undefined;
}
