/** Projections: the last valid value of each parameter, and what is in force of it. */
import { Cron, type CronFields } from './cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from './crontab-settings.ts';
import type { Off } from './off.ts';
import type { Problem } from './problem.ts';

/** What is known of one parameter: the last valid value, and what is wrong with the present one if it is invalid. */
export interface Projection<Value> {
  /** `Parameter.modified` of the version that was projected last, valid or not. */
  readonly modified: number;
  /** `Parameter.version` of the version that was projected last, valid or not. */
  readonly version: number;
  /** The last valid value; of a removed cron its last definition. Absent if there never was one. */
  readonly value?: Value;
  /** Since when the value is off: present exactly if it is. */
  readonly off?: Off;
  /** What is wrong with the present version. Its text is not kept: it may hold anything. */
  readonly problems?: readonly Problem[];
  /** The earlier version that may still have the labels of its rejection, which are to be removed. */
  readonly labelledVersion?: number;
  /** When the parameter was found removed, in epoch milliseconds: nothing of it is in force since then. */
  readonly removedAt?: number;
}

/** What is in force of a cron and of its crontab. */
export interface InForce {
  /** Absent if it was removed or was never valid. */
  readonly cron: Cron | undefined;
  readonly settings: CrontabSettings;
  /** When the definition or the settings were written last, in epoch milliseconds. */
  readonly editedAt: number;
  /** Since when the crontab is off, or else the cron; absent if both are on. */
  readonly off?: Off | undefined;
}

type Readable<Value> = Pick<Projection<Value>, 'value' | 'removedAt'> | undefined;

/** What is in force: the last valid value, unless the parameter was removed. */
export function valueInForce<Value>(projection: Readable<Value>): Value | undefined {
  return projection?.removedAt === undefined ? projection?.value : undefined;
}

/** The cron in force; absent if it was removed or was never valid. */
export function cronInForce(projection: Readable<CronFields>): Cron | undefined {
  const fields = valueInForce(projection);
  return fields && new Cron(fields);
}

/** The projections of a cron and of its crontab; absent if there is none. */
export function inForce(
  cron: Projection<CronFields> | undefined,
  crontab: Projection<CrontabSettings> | undefined,
): InForce {
  return {
    cron: cronInForce(cron),
    settings: settingsInForce(crontab),
    editedAt: Math.max(cron?.modified ?? 0, crontab?.modified ?? 0),
    off: offInForce(crontab) ?? offInForce(cron),
  };
}

/** Since when what is in force is off; absent if it is on or if nothing is in force. */
export function offInForce(
  projection: Pick<Projection<unknown>, 'off' | 'removedAt'> | undefined,
): Off | undefined {
  return projection?.removedAt === undefined ? projection?.off : undefined;
}

/** The settings in force; the defaults if the crontab has none. */
export function settingsInForce(projection: Readable<CrontabSettings>): CrontabSettings {
  return valueInForce(projection) ?? CRONTAB_DEFAULTS;
}
