/** A site as people read it: JSON with ISO 8601 times, and without what only the system needs. */

import type { CronFields } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../domain/crontab-settings.ts';
import type { Job } from '../domain/job.ts';
import { dumpLog, iso, type LogDump } from '../domain/log.ts';
import type { Problem } from '../domain/problem.ts';
import type { SiteState } from '../ports/store.ts';

export interface SiteView {
  readonly site: string;
  readonly crontab: CrontabSettings & Rejection;
  /** Sorted by uid. Those that were removed are left out. */
  readonly crons: readonly CronView[];
}

/** A cron without fields has never had a good version. */
export interface CronView extends Partial<CronFields>, Rejection {
  readonly uid: string;
  /** The planned time that has a timer. */
  readonly next?: string;
  /** When the runs started that still go on. */
  readonly running: readonly string[];
  /** Newest first. */
  readonly logs: readonly LogDump[];
}

/** Present when the latest version of the parameter was rejected. */
interface Rejection {
  readonly rejected?: { readonly version: number; readonly problems: readonly Problem[] };
}

export function siteView(site: string, { crontab, crons }: SiteState): SiteView {
  return {
    site,
    crontab: { ...CRONTAB_DEFAULTS, ...crontab?.value, ...rejection(crontab) },
    crons: crons
      .filter(({ cron }) => cron && !cron.removed)
      .map(({ uid, cron, job }) => ({ uid, ...cron?.value, ...rejection(cron), ...jobView(job) })),
  };
}

function rejection(
  projection: { readonly version: number; readonly problems?: readonly Problem[] } | undefined,
): Rejection {
  if (!projection?.problems) return {};
  const { version, problems } = projection;
  return { rejected: { version, problems } };
}

function jobView(job: Job | undefined): Pick<CronView, 'next' | 'running' | 'logs'> {
  return {
    ...(job?.armed ? { next: iso(job.armed.at) } : {}),
    running: (job?.leases ?? []).map(({ started }) => iso(started)),
    logs: (job?.logs ?? []).map(dumpLog),
  };
}
