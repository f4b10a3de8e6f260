/** What differs between two versions of a parameter, field by field. */
import type { Json, JsonObject } from '../../core/domain/cron.ts';
import { cronSchema } from '../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import type { FieldChange } from '../../core/domain/errors.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { sameJson } from '../../core/domain/same-json.ts';

const TOLD: ReadonlySet<string> = new Set([
  ...Object.keys(cronSchema.shape),
  ...Object.keys(crontabSchema.shape),
]);

/** Sorted by field. */
export function fieldChanges(before: JsonObject, after: JsonObject): FieldChange[] {
  const changed = keysThatDiffer(before, after).flatMap((field) =>
    field === 'environ'
      ? environChanges(before.environ, after.environ)
      : [TOLD.has(field) ? told(field, before[field], after[field]) : { field }],
  );
  return changed.sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** In one line, for messages. */
export function changesText(changes: readonly FieldChange[]): string {
  return changes
    .map(({ field, was, is }) => {
      if (was !== undefined && is !== undefined) return `${field} from ${was} to ${is}`;
      if (is !== undefined) return `${field} to ${is}`;
      return was === undefined ? field : `${field} from ${was} to nothing`;
    })
    .join(', ');
}

function environChanges(before: Json | undefined, after: Json | undefined): FieldChange[] {
  return keysThatDiffer(objectOf(before), objectOf(after)).map((key) => ({ field: `environ.${key}` }));
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function keysThatDiffer(before: JsonObject, after: JsonObject): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !sameJson(before[key], after[key]));
}

function told(field: string, before: Json | undefined, after: Json | undefined): FieldChange {
  return {
    field,
    ...(before === undefined ? {} : { was: formatValue(before) }),
    ...(after === undefined ? {} : { is: formatValue(after) }),
  };
}
