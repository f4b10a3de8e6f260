import type { CronFields } from '../domain/cron.ts';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import type { Job } from '../domain/job.ts';
import type { ParameterKey, Timer } from '../domain/names.ts';
import type { Problem } from '../domain/problem.ts';

/** The projection of one parameter: its last valid value, and the problems of the current one if it is invalid. */
export interface Projection<Value> {
  /** `Parameter.modified` of what was projected last, valid or not. */
  readonly modified: number;
  /** `Parameter.version` of what was projected last, valid or not. */
  readonly version: number;
  /** The last valid value; absent if there never was one, or if the parameter is gone. */
  readonly value?: Value;
  /** The problems of the current version. The text itself is not kept: it may hold anything. */
  readonly problems?: readonly Problem[];
  /** The parameter is gone: this is kept for a while, so that a late event of an older version changes nothing. */
  readonly removed?: true;
}

/** All that concerns one cron. */
export interface State {
  readonly crontab?: Projection<CrontabSettings>;
  readonly cron?: Projection<CronFields>;
  readonly job?: Job;
}

/** All that concerns one site. */
export interface SiteState {
  readonly crontab?: Projection<CrontabSettings>;
  /** Sorted by uid. Also those that are removed, and jobs whose cron is gone. */
  readonly crons: readonly {
    readonly uid: string;
    readonly cron?: Projection<CronFields>;
    readonly job?: Job;
  }[];
}

/**
 * The projection of the registry, and the jobs. Every call may throw UnavailableError if the medium does not answer;
 * a call that threw may have had its effect.
 */
export interface Store {
  /** The latest state of one cron: never older than a write that ended before the call. */
  read(site: string, uid: string): Promise<State>;

  /** The latest projection of a parameter: never older than a write that ended before the call. */
  readProjection(key: ParameterKey): Promise<Projection<CronFields | CrontabSettings> | undefined>;

  /**
   * The state of a whole site, eventually consistent: a caller reads again before it acts on it.
   * An unknown site is empty.
   */
  readSite(site: string): Promise<SiteState>;

  /** The sites that have, or had, a parameter; sorted. */
  sites(): Promise<string[]>;

  /**
   * Replaces the projection of a parameter, unless a later one is stored: then returns false and changes nothing.
   * Later means a greater `modified`; for the same `modified`, a removal is later than a presence.
   * From now on the parameter is unsettled: `overdue` names it until it is settled.
   * A removal is forgotten by the medium some time (at least an hour) after it was written.
   */
  putProjection(
    key: ParameterKey,
    projection: Projection<CronFields | CrontabSettings>,
    now: number,
  ): Promise<boolean>;

  /** Records that the queue follows that projection. Does nothing when another one has been stored since. */
  settle(key: ParameterKey, projection: Pick<Projection<unknown>, 'modified' | 'removed'>): Promise<void>;

  /**
   * Writes the job if the stored revision is `job.revision` (0: none is stored), and returns it with the new revision.
   * Compare-and-swap: returns nothing and changes nothing when another process has written the job since.
   */
  saveJob(job: Job): Promise<Job | undefined>;

  /** Removes the job if the stored revision is `job.revision`; returns false when another process has written it since. */
  removeJob(job: Job): Promise<boolean>;

  /**
   * Everything that is overdue at `now`: jobs whose `nextCheckTime` has come, and parameters that are
   * unsettled for more than a minute. Eventually consistent: a caller reads again before it acts on it.
   */
  overdue(now: number): AsyncIterable<ParameterKey>;

  /** The armed time of every job, eventually consistent. */
  armed(): AsyncIterable<Timer>;
}

/** How long a projection may be unsettled before `overdue` names it. */
export const SETTLE_GRACE = 60_000;
