/** Edits the settings of a crontab: activated, read-only, time zone. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { changedFields, mergeFields, pickFields } from '../../core/domain/cron-fields.ts';
import { loadCrontabSettings } from '../../core/domain/crontab-schema.ts';
import { CRONTAB_FIELDS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { ReadOnlyError, VersionConflictError } from '../../core/domain/errors.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { describeKey } from '../../core/domain/names.ts';
import type { EditOptions } from './edit-cron.ts';
import { changesText, fieldChanges } from './field-changes.ts';
import type { SettingsResult } from './operation-result.ts';
import { parameterView } from './parameter-view.ts';
import { currentSettings, requireVersion } from './preconditions.ts';
import { requireSite } from './read.ts';
import { type SavePorts, save } from './save.ts';

/**
 * Changes the given settings; null resets one to its default. A read-only crontab accepts only an edit that makes it
 * writable, which may change other settings too. Throws NotFoundError, InvalidError with all problems,
 * VersionConflictError, ReadOnlyError.
 */
export async function editSettings(
  ports: SavePorts,
  site: string,
  edit: JsonObject,
  { expected }: EditOptions = {},
): Promise<SettingsResult> {
  const key = { site };
  const present = await ports.registry.read(key);
  if (!present) await requireSite(ports, site);
  if (present) await requireVersion(ports, key, present, expected);
  else if (expected) throw new VersionConflictError(`${describeKey(key)} has no settings any more.`, '', []);
  const inForce = await currentSettings(ports, site);
  const before = present && parseJsonObject(present.value);
  const base = before ? pickFields(before, CRONTAB_FIELDS) : present ? { ...inForce } : {};
  const after = mergeFields(base, edit, CRONTAB_FIELDS);
  const wanted = loadCrontabSettings(after);
  if (inForce.readOnly && wanted.readOnly) throw new ReadOnlyError(site);
  const result = { settings: wanted, site };
  if (present && before && changedFields(before, after).length === 0) {
    const message = `${describeKey(key)} needs no change: nothing was saved.`;
    return { message, changed: false, settings: { ...result, parameter: parameterView(present) } };
  }
  const warning = await save(ports, key, after, present);
  const changes = fieldChanges({ ...inForce }, { ...wanted });
  const parameter = await ports.store.readProjection(key);
  return {
    message: `${sentence(site, inForce, wanted, changesText(changes))}${warning}`,
    changed: true,
    settings: { ...result, ...(parameter && { parameter: parameterView(parameter) }) },
  };
}

function sentence(site: string, before: CrontabSettings, after: CrontabSettings, changes: string): string {
  const name = describeKey({ site });
  if (changes === '') return `${name} was saved.`;
  if (before.activated !== after.activated && !changes.includes(', ')) {
    return after.activated
      ? `${name} is now switched on: its crons run again from now.`
      : `${name} is now switched off: none of its crons run.`;
  }
  return `${name} was changed: ${changes}.`;
}
