import type { CronFields } from '../domain/cron.ts';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import type { Job } from '../domain/job.ts';
import type { ParameterKey } from '../domain/names.ts';
import type { Projection } from '../domain/projection.ts';
import type { RunRecord } from '../domain/run-record.ts';
import type { RecordSummary } from '../domain/run-summary.ts';

export type AnyProjection = Projection<CronFields | CrontabSettings>;

/** All that concerns one cron. */
export interface State {
  readonly crontab?: Projection<CrontabSettings>;
  readonly cron?: Projection<CronFields>;
  readonly job?: Job;
  /** Why an item cannot be read by this version. Then it is missing here, and nothing may be decided without it. */
  readonly unreadable?: string;
}

/** One cron of a site. */
export interface CronState extends Omit<State, 'crontab'> {
  readonly uid: string;
}

/** All that concerns one site. */
export interface SiteState {
  readonly crontab?: Projection<CrontabSettings>;
  /** Sorted by uid. Includes removed crons, and jobs whose cron is gone. */
  readonly crons: readonly CronState[];
}

/**
 * Which run records of a list are wanted. The time of a record is that by which its list is sorted, in epoch milliseconds.
 */
export interface PageRequest {
  /** How many records at most. */
  readonly limit: number;
  /** The `cursor` of the page before; absent for the first page. */
  readonly cursor?: string;
  /** Only records of this time or later. Default: all. */
  readonly since?: number;
  /** Only records before this time. Default: all. */
  readonly until?: number;
  /** The order is reversed. A cursor belongs to the order in which it was made. */
  readonly oldestFirst?: boolean;
}

/** Records, newest first unless the request says otherwise. */
export interface RecordPage {
  readonly records: readonly RunRecord[];
  /** Where the next page begins; absent on the last page. */
  readonly cursor?: string;
}

export interface SummaryPage {
  readonly records: readonly RecordSummary[];
  readonly cursor?: string;
}

/**
 * The projection of the registry, the jobs and the run records. Every call may throw UnavailableError if the medium does
 * not answer; a call that threw may have had its effect.
 */
export interface Store {
  /** The latest state of one cron: never older than a write that ended before the call. */
  read(site: string, uid: string): Promise<State>;

  /** The latest job of one cron alone; never older than a write that ended before the call. */
  readJob(site: string, uid: string): Promise<Job | undefined>;

  /**
   * The latest projection of a parameter: never older than a write that ended before the call. One that cannot be read
   * counts as absent, so that it is projected again.
   */
  readProjection(key: ParameterKey): Promise<AnyProjection | undefined>;

  /**
   * The state of a whole site, eventually consistent: read again before acting on it. An unknown site is empty.
   */
  readSite(site: string): Promise<SiteState>;

  /** The sites that have, or had, a parameter; sorted. Eventually consistent. */
  sites(): Promise<string[]>;

  /**
   * Replaces the projection of a parameter, unless a later one is stored: then it returns false and changes nothing.
   * Later means a greater `modified`; for the same `modified`, a removal is later than a presence. The medium forgets a
   * removal 90 days after it was written.
   */
  putProjection(key: ParameterKey, projection: AnyProjection): Promise<boolean>;

  /**
   * Writes the job and the records in one atomic step, if the stored token is still `expectedToken` (absent: no job is
   * stored). Otherwise it returns false and changes nothing. `job.token` is the new token. A record that exists already
   * stays as it is, and the rest is written. Repeating a commit that was applied returns false.
   */
  commit(job: Job, expectedToken: string | undefined, records: readonly RunRecord[]): Promise<boolean>;

  /** The run records of one cron, by planned time. Eventually consistent; skips expired ones. */
  records(site: string, uid: string, page: PageRequest): Promise<RecordPage>;

  /** One run record by its id; absent if there is none. */
  readRecord(site: string, uid: string, id: string): Promise<RunRecord | undefined>;

  /** The run records of a site, by the time at which they ended. Eventually consistent; skips expired ones. */
  activity(site: string, page: PageRequest): Promise<SummaryPage>;

  /** The run records of all sites that are not OK, by the time at which they ended. Eventually consistent. */
  attention(page: PageRequest): Promise<SummaryPage>;

  /** Deletes these run records; returns how many existed. Repeating it deletes nothing more. */
  deleteRecords(site: string, uid: string, ids: readonly string[]): Promise<number>;
}
