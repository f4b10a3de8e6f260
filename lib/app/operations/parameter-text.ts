/** The text of a parameter that is written here. */
import type { JsonObject } from '../../core/domain/cron.ts';

/**
 * The JSON text of it, laid out for a person who edits it in the console. Parameter Store takes two opening braces in
 * a row for a reference of its own, so within texts the first is written as an escape.
 */
export function textOf(object: JsonObject): string {
  return JSON.stringify(object, null, 2).replace(/\{(?=\{)/g, '\\u007b');
}
