import type { CronView } from './cron-view.ts';
import type { CrontabView } from './crontab-view.ts';

/** What an operation did. One that did nothing, because it was not allowed or not possible, throws instead. */
export interface OperationResult {
  /** In a sentence or two, to be shown to whoever asked. */
  readonly message: string;
  /** False when everything was as asked for already: nothing was written. */
  readonly changed: boolean;
}

/** The cron as it stands now, which is what the table says at once. */
export interface CronResult extends OperationResult {
  readonly cron: CronView;
}

/** The settings as they stand now. */
export interface SettingsResult extends OperationResult {
  readonly settings: Pick<CrontabView, 'site' | 'settings' | 'parameter'>;
}

/** A run was asked for. */
export interface ForceRunResult extends OperationResult {
  /** The id under which its log will be found. */
  readonly runId: string;
}

/** Logs were deleted. */
export interface DeleteLogsResult extends OperationResult {
  readonly deleted: number;
  /** How many are left. */
  readonly left: number;
}

/** One action on several crons: some may be done while others are refused. */
export interface BulkResult extends OperationResult {
  readonly done: readonly string[];
  readonly refused: readonly { readonly uid: string; readonly reason: string }[];
}
