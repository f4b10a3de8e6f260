/** A view of a cron for every surface: definition in force, problems, next run and run records. */
import { Cron, type CronFields } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { type Health, healthOf, type Trend, trendOf } from '../../core/domain/health.ts';
import type { Log } from '../../core/domain/log.ts';
import type { Off } from '../../core/domain/off.ts';
import type { Problem } from '../../core/domain/problem.ts';
import { offInForce, settingsInForce } from '../../core/domain/projection.ts';
import { EMPTY_SUMMARY } from '../../core/domain/run-summary.ts';
import { isActive } from '../../core/domain/timing.ts';
import type { State } from '../../core/ports/store.ts';
import { type JobStatus, jobStatus } from './job-status.ts';
import { type ParameterView, parameterView } from './parameter-view.ts';
import { unreadableProblem } from './unreadable-cron.ts';

/** All times are epoch milliseconds. */
export interface CronView {
  readonly site: string;
  readonly uid: string;
  /** The definition in force; absent when no version was ever valid or this version of cloudtab cannot read it. */
  readonly definition?: CronFields;
  /** Why its stored state cannot be read: then nothing of it runs. */
  readonly unreadable?: Problem;
  /** The current version of its parameter, with its problems; version 0 if that cannot be read. */
  readonly parameter: ParameterView;
  /** The effective time zone: its own, or the crontab's. */
  readonly timezone: string;
  /** Both the cron and the crontab are switched on. */
  readonly active: boolean;
  /** How it was switched off, or else its crontab; absent if both are on. */
  readonly off?: Off;
  readonly health: Health;
  readonly trend: Trend;
  readonly job: JobStatus;
}

/** A cron with what it did. */
export interface CronDetail extends CronView {
  /** Newest first; as many as the cron's `logsLimit`. */
  readonly logs: readonly Log[];
  /** The settings of its crontab. */
  readonly settings: CrontabSettings;
}

/** The view of a cron; undefined when it does not exist. */
export function cronView(
  { site, uid }: { readonly site: string; readonly uid: string },
  { crontab, cron: projection, job, unreadable: stateReason }: State,
  now: number,
): CronView | undefined {
  const settings = settingsInForce(crontab);
  if (projection ? projection.removedAt !== undefined : stateReason === undefined) return undefined;
  const value = projection?.value;
  const cron = value && new Cron(value);
  const unreadable = unreadableProblem(stateReason, cron, settings);
  const planned = unreadable ? undefined : cron;
  const definition = cron?.unreadable(settings.timezone) === undefined ? value : undefined;
  const status = jobStatus(planned, settings, job, now);
  const trend = trendOf(job?.summary ?? EMPTY_SUMMARY);
  const active = planned !== undefined && isActive(planned, settings);
  const off = definition && (offInForce(projection) ?? offInForce(crontab));
  return {
    site,
    uid,
    ...(definition && { definition }),
    ...(unreadable && { unreadable }),
    parameter: parameterView(projection ?? { version: 0, modified: 0 }),
    timezone: definition?.timezone ?? settings.timezone,
    active,
    ...(off && { off }),
    health: planned ? healthOf({ active, ...status, last: status.last?.status }, trend) : 'broken',
    trend,
    job: status,
  };
}
