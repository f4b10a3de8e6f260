/** A site as it stands, as far as profiles need it. */
import type { CronFields } from '../../core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { SITE } from '../../core/domain/names.ts';
import type { CronView } from '../operations/cron-view.ts';
import type { CrontabView } from '../operations/crontab-view.ts';
import { type ReadPorts, readCrontab } from '../operations/read.ts';
import type { Exported } from './dump.ts';

export interface CurrentSite {
  readonly site: string;
  readonly settings: CrontabSettings;
  readonly crons: ReadonlyMap<string, CurrentCron>;
  /** The crons with their jobs. */
  readonly views: readonly CronView[];
}

export interface CurrentCron {
  /** What is in force; absent when no version was ever good. */
  readonly fields?: CronFields;
  /** The version that stands is not valid: `fields` is an earlier one. */
  readonly rejected: boolean;
  /** Names the version that stands. */
  readonly tag: string;
}

/** One query. A site that nobody knows yet is empty: a profile may make it. */
export async function readCurrentSite(ports: ReadPorts, site: string): Promise<CurrentSite> {
  try {
    return siteNowOf(await readCrontab(ports, site));
  } catch (error) {
    if (!(error instanceof NotFoundError) || !SITE.test(site)) throw error;
    return { site, settings: CRONTAB_DEFAULTS, crons: new Map(), views: [] };
  }
}

/** What is in force of the site, to be exported. One query. Throws NotFoundError when there is no such site. */
export async function readExported(ports: ReadPorts, site: string): Promise<Exported> {
  const { settings, crons } = siteNowOf(await readCrontab(ports, site));
  // A cron of which no version was ever good has nothing to export.
  const good = [...crons.values()].flatMap(({ fields }) => (fields ? [fields] : []));
  return { site, settings, crons: good };
}

function siteNowOf({ site, settings, crons }: CrontabView): CurrentSite {
  const entries = crons.map(({ uid, definition, parameter }) => {
    const cron = { rejected: parameter.problems !== undefined, tag: parameter.tag };
    return [uid, definition ? { ...cron, fields: definition } : cron] as const;
  });
  return { site, settings, crons: new Map(entries), views: crons };
}
