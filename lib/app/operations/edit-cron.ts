/** Edits a cron: given fields replace the current ones, all others stay unchanged. */

import { clearSecretWarnings } from '../../core/domain/clear-secrets.ts';
import type { JsonObject } from '../../core/domain/cron.ts';
import {
  CRON_FIELDS,
  changedFields,
  mergeFields,
  pickFields,
  withoutDefaults,
} from '../../core/domain/cron-fields.ts';
import { loadCron } from '../../core/domain/cron-schema.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { describeKey } from '../../core/domain/names.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { policyWarnings } from './cron-warnings.ts';
import { changesText, fieldChanges } from './field-changes.ts';
import { nextRunText } from './messages.ts';
import type { CronResult } from './operation-result.ts';
import { requireVersion, requireWritable } from './preconditions.ts';
import { readCron } from './read.ts';
import { type SavePorts, save } from './save.ts';

export interface EditOptions {
  /** Tags of the versions that the edit may replace; any version when absent. */
  readonly expected?: readonly string[];
  /** Accepts a runner that the target does not have while the cron is switched off. Default: false. */
  readonly anyRunnerWhileOff?: boolean;
}

/**
 * Changes the given fields, each as a whole; null resets one to its default. Keeps the uid. Removes unknown fields of a
 * rejected version. Throws NotFoundError, InvalidError with all problems of the result, VersionConflictError,
 * ReadOnlyError.
 */
export async function editCron(
  ports: SavePorts,
  site: string,
  uid: string,
  edit: JsonObject,
  { expected, anyRunnerWhileOff = false }: EditOptions = {},
): Promise<CronResult> {
  const key = { site, uid };
  const present = await ports.registry.read(key);
  if (!present) throw cronNotFound({ site, uid });
  await requireWritable(ports, site);
  await requireVersion(ports, key, present, expected);
  const before = parseJsonObject(present.value);
  const base = before ? pickFields(before, CRON_FIELDS) : await lastGood(ports, key);
  const { uid: _, ...after } = mergeFields(base, edit);
  const wanted = edit.uid === undefined ? after : { ...after, uid: edit.uid };
  // A runner that was accepted before stays accepted.
  const isAccepted = anyRunnerWhileOff || edit.name === undefined;
  const edited = loadCron(wanted, { uid, site, runners: ports.runners, anyRunnerWhileOff: isAccepted });
  if (before && changedFields(withoutDefaults(before), withoutDefaults(after)).length === 0) {
    const cron = await readCron(ports, site, uid);
    return { message: `${describeKey(key)} needs no change: nothing was saved.`, changed: false, cron };
  }
  const warning = await save(ports, key, after, present);
  const cron = await readCron(ports, site, uid);
  const changes = changesText(fieldChanges(base, after));
  const what = changes === '' ? 'is repaired' : `was changed: ${changes}`;
  const changed = changedFields(base, after);
  const warnings = [
    ...(changed.includes('maxLateness') ? policyWarnings(edited) : []),
    ...(changed.includes('environ') ? clearSecretWarnings(edited.environ, site, ports.option) : []),
  ];
  const unchecked = ports.runners.unchecked?.(edited.name, site) ?? [];
  const message = [
    `${describeKey(key)} ${what}. ${nextRunText(cron)}${warning}`,
    ...warnings,
    unchecked,
  ].flat();
  return { message: message.join(' '), changed: true, cron };
}

/** The definition in force, for a current text that is not a JSON object. */
async function lastGood({ store }: SavePorts, key: { site: string; uid: string }): Promise<JsonObject> {
  const { cron } = await store.read(key.site, key.uid);
  const { uid: _, ...fields } = cron?.value ?? { uid: key.uid };
  return fields;
}
