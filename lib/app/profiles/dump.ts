/** What is exported: a crontab as it stands, and as it is written in YAML and JSON. */
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
 * What differs from the defaults; with `full` every field, null for what is absent, so that applying it later brings
 * each cron back to exactly this.
 */
export function dumpOf({ settings, crons }: Exported, full = false): ProfileDump {
  const crontab = full ? { ...settings } : withoutDefaults({ ...settings }, { ...CRONTAB_DEFAULTS });
  return {
    ...(Object.keys(crontab).length > 0 && { crontab }),
    crons: crons.map((cron) => (full ? allFields({ ...cron }) : ownFields(cron))),
  };
}

/** The fields of a cron that are not at their default, in reading order. */
export function ownFields(cron: CronFields): JsonObject {
  return withoutDefaults(allFields({ ...cron }));
}
