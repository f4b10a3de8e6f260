/** The current state of a site that profiles are compared with, and its export. */
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
  /** The definition in force; absent when no version was ever valid. */
  readonly fields?: CronFields;
  /** The current version is not valid: `fields` is of an earlier one. */
  readonly rejected: boolean;
  /** Identifies the current version. */
  readonly tag: string;
}

/** One query. A site that does not exist is empty, since a profile may create it. */
export async function readCurrentSite(ports: ReadPorts, site: string): Promise<CurrentSite> {
  try {
    return currentSite(await readCrontab(ports, site));
  } catch (error) {
    if (!(error instanceof NotFoundError) || !SITE.test(site)) throw error;
    return { site, settings: CRONTAB_DEFAULTS, crons: new Map(), views: [] };
  }
}

/** The definitions in force, for an export. One query. Throws NotFoundError when the site does not exist. */
export async function readExported(ports: ReadPorts, site: string): Promise<Exported> {
  const { settings, crons } = currentSite(await readCrontab(ports, site));
  // A cron without a valid version has nothing to export.
  return { site, settings, crons: [...crons.values()].flatMap(({ fields }) => fields ?? []) };
}

function currentSite({ site, settings, crons }: CrontabView): CurrentSite {
  const entries = crons.map(({ uid, definition, parameter }) => {
    const cron = { rejected: parameter.problems !== undefined, tag: parameter.tag };
    return [uid, definition ? { ...cron, fields: definition } : cron] as const;
  });
  return { site, settings, crons: new Map(entries), views: crons };
}
