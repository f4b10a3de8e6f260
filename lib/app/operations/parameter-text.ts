/** The text that cloudtab writes to a parameter. */
import type { JsonObject } from '../../core/domain/cron.ts';

/**
 * Indented JSON, for edits in the console. Parameter Store interprets two opening braces in a row, so the first of them
 * is escaped within strings.
 */
export function textOf(object: JsonObject): string {
  return JSON.stringify(object, null, 2).replace(/\{(?=\{)/g, '\\u007b');
}
