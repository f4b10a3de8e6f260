/** What programs give to a crontab and get from it. */
import type { Cron, CronFields } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';

/** What `edit` takes; null is the default. */
export type CronEdit = {
  readonly [field in Exclude<keyof CronFields, 'uid' | 'maxLateness' | 'timeout'>]?: CronFields[field] | null;
} & {
  /** Seconds, or text such as "2h". */
  readonly maxLateness?: number | string | null;
  /** Seconds, or text such as "90s". */
  readonly timeout?: number | string | null;
};

/** What `add` takes: only the runner and the periodicity are needed. */
export type NewCron = Pick<CronFields, 'name' | 'periodicity'> & { readonly uid?: string | null } & CronEdit;

/** What crons are looked for by; what is absent does not matter. */
export type CronFilter = Partial<Pick<CronFields, 'uid' | 'name' | 'activated' | 'periodicity'>>;

export type CrontabDump = {
  readonly site: string;
  readonly crons: readonly ReturnType<Cron['dump']>[];
} & CrontabSettings;
