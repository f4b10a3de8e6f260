/** What is exported: a crontab as it stands, and as it is written in YAML and JSON. */
import { CRON_DEFAULTS, type CronFields, type Json, type JsonObject } from '../../core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { sameJson } from '../../core/domain/same-json.ts';

export interface Exported {
  readonly site: string;
  readonly settings: CrontabSettings;
  readonly crons: readonly CronFields[];
}

/** The value of a profile in YAML or JSON. */
export type ProfileDump = { readonly crontab?: JsonObject; readonly crons: readonly JsonObject[] };

/** The fields of a cron in the order in which a person reads them. */
export const CRON_FIELDS = [
  'uid',
  'name',
  'periodicity',
  'timezone',
  'activated',
  'environ',
  'user',
  'logsLimit',
  'overlap',
  'missed',
  'maxLateness',
  'timeout',
] as const satisfies readonly (keyof CronFields)[];

/**
 * What differs from the defaults; with `full` every field, null for what is absent, so that applying it later brings
 * each cron back to exactly this.
 */
export function dumpOf({ settings, crons }: Exported, full = false): ProfileDump {
  const changed = Object.entries(settings).filter(
    ([name, value]) => full || value !== CRONTAB_DEFAULTS[name as keyof CrontabSettings],
  );
  const crontab: JsonObject = Object.fromEntries(changed);
  return {
    ...(changed.length > 0 && { crontab }),
    crons: crons.map((cron) => (full ? fullFields(cron) : ownFields(cron))),
  };
}

/** The fields of a cron that are not at their default, in order. */
export function ownFields(cron: CronFields): JsonObject {
  const defaults: Partial<CronFields> = CRON_DEFAULTS;
  const own = CRON_FIELDS.filter((name) => cron[name] !== undefined && !sameJson(cron[name], defaults[name]));
  return Object.fromEntries(own.map((name) => [name, cron[name] as Json]));
}

function fullFields(cron: CronFields): JsonObject {
  return Object.fromEntries(CRON_FIELDS.map((name) => [name, cron[name] ?? null]));
}
