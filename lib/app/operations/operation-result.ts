import type { CronView } from './cron-view.ts';
import type { CrontabView } from './crontab-view.ts';

/** The result of an operation. An operation that is refused or impossible throws instead. */
export interface OperationResult {
  /** One or two sentences for the user. */
  readonly message: string;
  /** False when no change was needed: nothing was written. */
  readonly changed: boolean;
  /** The note of a switch was not kept, because a note belongs to a version and none was written: for several crons, for one of them. */
  readonly noteLost?: true;
}

/** The cron after the operation, as in the table. */
export interface CronResult extends OperationResult {
  readonly cron: CronView;
}

/** The settings after the operation. */
export interface SettingsResult extends OperationResult {
  readonly settings: Pick<CrontabView, 'site' | 'settings' | 'parameter'>;
}

export interface ForceRunResult extends OperationResult {
  readonly runId: string;
  /** The id of its log. */
  readonly logId: string;
}

export interface DeleteLogsResult extends OperationResult {
  readonly deleted: number;
  /** The number of remaining logs. */
  readonly left: number;
}

/** One operation on several crons: some may succeed while others are refused. */
export interface BulkResult extends OperationResult {
  readonly done: readonly string[];
  readonly refused: readonly { readonly uid: string; readonly reason: string; readonly code: string }[];
  /** Those that were not done in time: whether one that was begun has changed is not known. */
  readonly left: readonly string[];
}
