/** The types of crons in the SDK. */
import type { Cron, CronFields } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';

/** The fields of an edit; null means the default. */
export type CronEdit = {
  readonly [field in Exclude<keyof CronFields, 'uid' | 'maxLateness' | 'timeout'>]?: CronFields[field] | null;
} & {
  /** Seconds, or text such as "2h". */
  readonly maxLateness?: number | string | null;
  /** Seconds, or text such as "90s". */
  readonly timeout?: number | string | null;
};

/** The fields of a new cron: only the runner and the periodicity are required. */
export type NewCron = Pick<CronFields, 'name' | 'periodicity'> & { readonly uid?: string | null } & CronEdit;

/** Matches crons whose fields are equal, and that have the tag; absent fields match all. */
export type CronFilter = Partial<Pick<CronFields, 'uid' | 'name' | 'activated' | 'periodicity'>> & {
  /** One of its tags. */
  readonly tag?: string;
};

export type CrontabDump = {
  readonly site: string;
  readonly crons: readonly ReturnType<Cron['dump']>[];
} & CrontabSettings;
