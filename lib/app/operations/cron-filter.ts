/** Which crons of a list are wanted: one rule for the page, the command line and the API. */
import { HEALTHS, type Health, isFailing } from '../../core/domain/health.ts';
import type { Status } from '../../core/domain/run-record.ts';
import type { CronView } from './cron-view.ts';

/** All conditions hold; an absent one does not count. */
export interface CronFilter {
  /** The name of a runner. */
  readonly runner?: string | undefined;
  /** One whole tag. */
  readonly tag?: string | undefined;
  /** The cron has one of these states; with an empty list any. */
  readonly states?: readonly CronStateName[] | undefined;
  /** The switch of the cron itself, whatever that of its crontab is. */
  readonly activated?: boolean | undefined;
  /** The status of its last run record. */
  readonly status?: Status | undefined;
  readonly health?: Health | undefined;
}

/** `on` and `off` are the cron together with its crontab; a cron that is broken is neither. */
const STATES = {
  problem: ({ health, parameter }: CronView) =>
    HEALTHS.indexOf(health) <= HEALTHS.indexOf('warning') || parameter.problems !== undefined,
  running: ({ job }: CronView) => job.running,
  failing: isFailing,
  late: ({ job }: CronView) => job.late,
  broken: ({ health }: CronView) => health === 'broken',
  rejected: ({ parameter }: CronView) => parameter.problems !== undefined,
  on: ({ active }: CronView) => active,
  off: ({ active, health }: CronView) => !active && health !== 'broken',
} as const;

export type CronStateName = keyof typeof STATES;

export function isWantedCron(cron: CronView, filter: CronFilter): boolean {
  const { runner, tag, states = [], activated, status, health } = filter;
  const { definition, job } = cron;
  return (
    (runner === undefined || definition?.name === runner) &&
    (tag === undefined || definition?.tags?.includes(tag) === true) &&
    (states.length === 0 || states.some((state) => STATES[state](cron))) &&
    (activated === undefined || definition?.activated === activated) &&
    (status === undefined || job.last?.status === status) &&
    (health === undefined || cron.health === health)
  );
}
