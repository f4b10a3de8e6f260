/** The differences between two versions of a parameter, field by field. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { CRON_FIELDS, diffFields } from '../../core/domain/cron-fields.ts';
import { CRONTAB_FIELDS } from '../../core/domain/crontab-settings.ts';
import type { FieldChange } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';

/** The fields whose values messages show. The keys of environ are not among them, since they may be secret. */
const SHOWN: ReadonlySet<string> = new Set([...CRON_FIELDS, ...CRONTAB_FIELDS]);

/** Sorted by field. */
export function fieldChanges(before: JsonObject, after: JsonObject): FieldChange[] {
  const changes = diffFields(before, after).map(({ field, before: was, after: is }) => ({
    field,
    kind:
      was === undefined ? ('set' as const) : is === undefined ? ('removed' as const) : ('changed' as const),
    ...(SHOWN.has(field) && was !== undefined && { was }),
    ...(SHOWN.has(field) && is !== undefined && { is }),
  }));
  return changes.sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** In one line, for messages. */
export function changesText(changes: readonly FieldChange[]): string {
  return changes
    .map(({ field, kind, was, is }) => {
      if (was !== undefined && is !== undefined)
        return `${field} from ${formatValue(was)} to ${formatValue(is)}`;
      if (is !== undefined) return `${field} to ${formatValue(is)}`;
      return was === undefined ? `${field} ${kind}` : `${field} from ${formatValue(was)} to nothing`;
    })
    .join(', ');
}
