/**
 * The rules for the fields of a cron, and for a crontab's settings, as users write them: what an edit makes of them,
 * which ones are at their defaults, and what differs. Null means the default, as if the field was absent. Whether a
 * value is valid: cron-schema.ts and crontab-schema.ts.
 */
import { CRON_DEFAULTS, type CronFields, type Json, type JsonObject } from './cron.ts';
import { isJsonObject } from './json-object.ts';
import { sameJson } from './same-json.ts';

export type Fields = { readonly [name: string]: Json | undefined };

/** The fields of a cron in reading order. */
export const CRON_FIELDS = [
  'uid',
  'name',
  'periodicity',
  'timezone',
  'description',
  'tags',
  'activated',
  'environ',
  'user',
  'logsLimit',
  'overlap',
  'missed',
  'maxLateness',
  'timeout',
] as const satisfies readonly (keyof CronFields)[];

/** One field that differs. */
export interface FieldDifference {
  /** Its name; of `environ` that of the key, such as `environ.url`. */
  readonly field: string;
  /** Absent if the field was not set. */
  readonly before?: Json;
  /** Absent if the field is no longer set. */
  readonly after?: Json;
}

/**
 * The base with the given fields in place of its own. A field that is null is removed; one that is undefined is not given. A
 * field with none of these names stays also if it is null, so that its problem is found.
 */
export function mergeFields(base: Fields, given: Fields, names: readonly string[] = CRON_FIELDS): JsonObject {
  const merged = { ...base, ...fieldsWith(given, (value) => value !== undefined) };
  return fieldsWith(merged, (value, name) => isPresent(value) || (value === null && !names.includes(name)));
}

/** The fields that are not at their defaults. */
export function withoutDefaults(fields: Fields, defaults: Fields = CRON_DEFAULTS): JsonObject {
  return fieldsWith(fields, (value, name) => isPresent(value) && !sameJson(value, defaults[name]));
}

export function pickFields(fields: Fields, names: readonly string[]): JsonObject {
  return fieldsWith(fields, (value, name) => value !== undefined && names.includes(name));
}

/** Every field of a cron, in reading order; null for what is absent. */
export function allFields(fields: Fields): JsonObject {
  return Object.fromEntries(CRON_FIELDS.map((name) => [name, fields[name] ?? null]));
}

/** The names of the fields that differ, in the order of `names`: by default those of both. */
export function changedFields(
  before: Fields,
  after: Fields,
  names: readonly string[] = Object.keys({ ...before, ...after }),
): string[] {
  return names.filter((name) => !sameJson(own(before, name) ?? null, own(after, name) ?? null));
}

/** The edit that turns one definition into the other; empty if they are equal. */
export function editBetween(before: Fields, after: Fields): JsonObject {
  return Object.fromEntries(changedFields(before, after).map((name) => [name, own(after, name) ?? null]));
}

/** What differs between two definitions, in the order of `names`: by default those of both; of `environ`, each key. */
export function diffFields(before: Fields, after: Fields, names?: readonly string[]): FieldDifference[] {
  return changedFields(before, after, names).flatMap((field) =>
    field === 'environ'
      ? environDifferences(before.environ, after.environ)
      : [difference(field, own(before, field) ?? undefined, own(after, field) ?? undefined)],
  );
}

/** Null is a value of its own here. */
function environDifferences(before: Json | undefined, after: Json | undefined): FieldDifference[] {
  const [was, is] = [isJsonObject(before) ? before : {}, isJsonObject(after) ? after : {}];
  return Object.keys({ ...was, ...is })
    .filter((key) => !sameJson(own(was, key), own(is, key)))
    .map((key) => difference(`environ.${key}`, own(was, key), own(is, key)));
}

function difference(field: string, before: Json | undefined, after: Json | undefined): FieldDifference {
  return { field, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function fieldsWith(fields: Fields, isKept: (value: Json | undefined, name: string) => boolean): JsonObject {
  const kept = Object.entries(fields).filter(([name, value]) => isKept(value, name));
  return Object.fromEntries(kept) as JsonObject;
}

/** A key may be named as a method that every object has, such as `constructor`. */
function own(fields: Fields, name: string): Json | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
