/** A view of a cron for every surface: definition in force, problems, next run and run records. */
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
  /** The definition in force; absent when no version was ever valid. */
  readonly definition?: CronFields;
  /** The current version of its parameter, with its problems. */
  readonly parameter: ParameterView;
  /** The effective time zone: its own, or the crontab's. */
  readonly timezone: string;
  /** Both the cron and the crontab are switched on. */
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
 * The state of a cron in one word:
 * `broken` no version was ever valid; `late` a run is overdue or its process died; `running`; `off` the cron or the
 * crontab is switched off; `failing` its last run failed; `warning` its last run had a warning or did not take place;
 * `new` it has no run records yet; `ok`.
 */
export type Health = 'broken' | 'late' | 'running' | 'off' | 'failing' | 'warning' | 'new' | 'ok';

/** The view of a cron; undefined when it does not exist. */
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
  // A skipped run does not hide the failure of the run before it.
  if (statuses.find((status) => status !== 'NOTRUN') === 'FAILURE') return 'failing';
  if (!last) return 'new';
  return last.status === 'OK' ? 'ok' : 'warning';
}
