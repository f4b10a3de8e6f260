/** The current state of a site that profiles are compared with, and its export. */
import type { CronFields } from '../../core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { SITE } from '../../core/domain/names.ts';
import type { Off } from '../../core/domain/off.ts';
import type { CronView } from '../operations/cron-view.ts';
import type { CrontabView } from '../operations/crontab-view.ts';
import { type ReadPorts, readCrontab } from '../operations/read.ts';
import type { Exported } from './dump.ts';

export interface CurrentSite {
  readonly site: string;
  readonly settings: CrontabSettings;
  /** How the crontab was switched off; absent if it is on. */
  readonly off?: Off;
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
export function readCurrentSite(ports: ReadPorts, site: string): Promise<CurrentSite> {
  return currentSite(site, readCrontab(ports, site));
}

/** The site as it was read. One that does not exist is empty. */
export async function currentSite(site: string, reading: Promise<CrontabView>): Promise<CurrentSite> {
  try {
    return viewed(await reading);
  } catch (error) {
    if (!(error instanceof NotFoundError) || !SITE.test(site)) throw error;
    return { site, settings: CRONTAB_DEFAULTS, crons: new Map(), views: [] };
  }
}

/** The definitions in force, for an export. */
export function exportOf(crontab: CrontabView): Exported {
  const { site, settings, crons } = viewed(crontab);
  // A cron without a valid version has nothing to export.
  return { site, settings, crons: [...crons.values()].flatMap(({ fields }) => fields ?? []) };
}

function viewed({ site, settings, off, crons }: CrontabView): CurrentSite {
  const entries = crons.map(({ uid, definition, parameter }) => {
    const cron = { rejected: parameter.problems !== undefined, tag: parameter.tag };
    return [uid, definition ? { ...cron, fields: definition } : cron] as const;
  });
  return { site, settings, ...(off && { off }), crons: new Map(entries), views: crons };
}
