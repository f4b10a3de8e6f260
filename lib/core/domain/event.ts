import type { LogDump } from './log.ts';
import type { Problem } from './problem.ts';

/** The events that are published. Times are ISO 8601 in UTC. */
export type Event =
  | { readonly type: 'StartedCronJob'; readonly detail: RunDetail }
  | { readonly type: 'FinishedCronJob'; readonly detail: FinishedDetail }
  | { readonly type: 'ModifiedCrontab'; readonly detail: ParameterDetail & { readonly change: Change } }
  | {
      readonly type: 'RejectedParameter';
      readonly detail: ParameterDetail & { readonly problems: readonly Problem[] };
    }
  | { readonly type: 'CrontabSynchronisation'; readonly detail: SynchronisationDetail }
  | { readonly type: 'ServerRestart'; readonly detail: { readonly sites: readonly string[] } };

export type Change = 'saved' | 'removed';

export interface RunDetail {
  readonly site: string;
  readonly uid: string;
  /** The runner's name. */
  readonly name: string;
  /** The planned time; for a forced run, the time of the request. */
  readonly plannedAt: string;
  readonly forced: boolean;
  readonly runId: string;
}

export interface FinishedDetail extends Omit<RunDetail, 'forced' | 'runId'> {
  readonly log: LogDump;
}

export interface ParameterDetail {
  readonly site: string;
  /** Absent for the crontab's own settings. */
  readonly uid?: string;
  readonly version: number;
}

export interface SynchronisationDetail {
  readonly site: string;
  readonly uid: string;
  /** The time now armed; absent if the cron has no timer. */
  readonly armed?: string;
}

/** Which events a deployment publishes: all, or those of isFailure. */
export const EVENT_SELECTIONS = ['all', 'failures'] as const;

export type EventSelection = (typeof EVENT_SELECTIONS)[number];

/** Whether the event says that a run failed, that an occurrence did not run, or that an edit is invalid. */
export function isFailure(event: Event): boolean {
  if (event.type === 'RejectedParameter') return true;
  return event.type === 'FinishedCronJob' && ['FAILURE', 'NOTRUN'].includes(event.detail.log.status);
}
