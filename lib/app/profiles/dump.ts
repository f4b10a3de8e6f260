/** Exports: the content of a crontab, and its value in YAML and JSON. */
import type { CronFields, JsonObject } from '../../core/domain/cron.ts';
import { allFields, withoutDefaults } from '../../core/domain/cron-fields.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';

export interface Exported {
  readonly site: string;
  readonly settings: CrontabSettings;
  readonly crons: readonly CronFields[];
}

/** The value of a profile in YAML or JSON. */
export type ProfileDump = { readonly crontab?: JsonObject; readonly crons: readonly JsonObject[] };

/**
 * The fields that differ from the defaults. With `full` all fields, absent ones as null, so that applying the dump later
 * restores each cron exactly.
 */
export function dumpOf({ settings, crons }: Exported, full = false): ProfileDump {
  const crontab = full ? { ...settings } : withoutDefaults({ ...settings }, { ...CRONTAB_DEFAULTS });
  return {
    ...(Object.keys(crontab).length > 0 && { crontab }),
    crons: crons.map((cron) => (full ? allFields({ ...cron }) : ownFields(cron))),
  };
}

/** The fields of a cron that differ from their defaults, in the order in which files list them. */
export function ownFields(cron: CronFields): JsonObject {
  return withoutDefaults(allFields({ ...cron }));
}
