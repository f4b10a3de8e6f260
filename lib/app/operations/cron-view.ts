/** A cron as whoever looks at it needs it: what is in force, what is wrong, what is next, and how it went. */
import { Cron, type CronFields } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Job } from '../../core/domain/job.ts';
import type { Log } from '../../core/domain/log.ts';
import type { Projection } from '../../core/domain/projection.ts';
import { isActive } from '../../core/domain/timing.ts';
import { type JobStatus, jobStatus } from './job-status.ts';
import { type ParameterView, parameterView } from './parameter-view.ts';

/** All times are epoch milliseconds. */
export interface CronView {
  readonly site: string;
  readonly uid: string;
  /** What is in force; absent when there never was a good version. */
  readonly definition?: CronFields;
  /** Its parameter, and what is wrong with that. */
  readonly parameter: ParameterView;
  /** The time zone that counts: its own, or the crontab's. */
  readonly timezone: string;
  /** Switched on, and so is the crontab. */
  readonly active: boolean;
  readonly health: Health;
  readonly job: JobStatus;
}

/** A cron with what it did. */
export interface CronDetail extends CronView {
  /** Newest first; as many as the cron's `logsLimit`. */
  readonly logs: readonly Log[];
}

/**
 * The one thing to know about a cron:
 * `broken` no version of it was ever good; `late` a run is overdue or its process died; `running`; `off` it or the
 * crontab is switched off; `failing` its last run failed; `warning` its last run had something to say, or did not
 * happen; `new` nothing to tell yet; `ok`.
 */
export type Health = 'broken' | 'late' | 'running' | 'off' | 'failing' | 'warning' | 'new' | 'ok';

/** The cron of that projection; nothing when it is gone. */
export function cronView(
  { site, uid }: { readonly site: string; readonly uid: string },
  { cron: projection, job }: { readonly cron?: Projection<CronFields>; readonly job?: Job },
  settings: CrontabSettings,
  now: number,
): CronView | undefined {
  if (!projection || projection.removedAt !== undefined) return undefined;
  const { value } = projection;
  const cron = value && new Cron(value);
  const status = jobStatus(cron, settings, job, now);
  const active = cron !== undefined && isActive(cron, settings);
  return {
    site,
    uid,
    ...(value && { definition: value }),
    parameter: parameterView(projection),
    timezone: value?.timezone ?? settings.timezone,
    active,
    health: value ? health(active, status) : 'broken',
    job: status,
  };
}

function health(active: boolean, job: JobStatus): Health {
  if (job.late) return 'late';
  if (job.running) return 'running';
  if (!active) return 'off';
  const { last, statuses } = job;
  // A cron goes on failing when an occurrence after the failure does not run.
  if (statuses.find((status) => status !== 'NOTRUN') === 'FAILURE') return 'failing';
  if (!last) return 'new';
  return last.status === 'OK' ? 'ok' : 'warning';
}
