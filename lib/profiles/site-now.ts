/** A site as it stands, as far as profiles need it. */
import type { CronFields } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../domain/crontab-settings.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import { SITE } from '../domain/names.ts';
import { type ReadPorts, readCrontab } from '../operations/read.ts';
import type { Exported } from './dump.ts';

export interface SiteNow {
  readonly site: string;
  readonly settings: CrontabSettings;
  readonly crons: ReadonlyMap<string, CronNow>;
}

export interface CronNow {
  /** What is in force; absent when no version was ever good. */
  readonly fields?: CronFields;
  /** The version that stands is not valid: `fields` is an earlier one. */
  readonly rejected: boolean;
  /** Names the version that stands. */
  readonly tag: string;
  readonly logs: readonly Log[];
}

/** One query. A site that nobody knows yet is empty: a profile may make it. */
export async function readSiteNow(ports: ReadPorts, site: string): Promise<SiteNow> {
  try {
    const { settings, crons } = await readCrontab(ports, site);
    const entries = crons.map(({ uid, definition, parameter, logs }) => {
      const cron = { rejected: parameter.problems !== undefined, tag: parameter.tag, logs };
      return [uid, definition ? { ...cron, fields: definition } : cron] as const;
    });
    return { site, settings, crons: new Map(entries) };
  } catch (error) {
    if (!(error instanceof NotFoundError) || !SITE.test(site)) throw error;
    return { site, settings: CRONTAB_DEFAULTS, crons: new Map() };
  }
}

/** What is in force of it, to be exported. Crons of which no version was ever good are not. */
export function exportedOf({ site, settings, crons }: SiteNow): Exported {
  const good = [...crons.values()].flatMap(({ fields, logs }) => (fields ? [{ ...fields, logs }] : []));
  return { site, settings, crons: good };
}
