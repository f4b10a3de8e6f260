/** Why occurrences do not run, in words for users. Those of missed times are in catch-up.ts. */
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import { iso } from './iso.ts';
import { hasRoom, type Job, MAX_RECENT_FORCED } from './job.ts';
import type { Reason } from './not-run.ts';
import { GRACE_MS } from './occurrence.ts';
import { type Off, offText } from './off.ts';

const GRACE_MINUTES = GRACE_MS / 60_000;

export const REMOVED: Reason = { code: 'edited', text: 'The cron was removed before it could start.' };

export const REPLACED: Reason = { code: 'edited', text: 'An edit replaced it before it could start.' };

export const OUTPACED: Reason = {
  code: 'missed',
  text: 'Missed: a later time took its place while it waited.',
};

export const BEHIND_WAITING: Reason = {
  code: 'overlap',
  text: 'As many runs as are possible at once were waiting.',
};

export const DELIVERED_LATE: Reason = {
  code: 'missed',
  text: `It was delivered more than ${GRACE_MINUTES} minutes after its request. If it has not run, request it again.`,
};

export const TOO_MANY_REQUESTS: Reason = {
  code: 'overlap',
  text: `There were ${MAX_RECENT_FORCED} requests within ${GRACE_MINUTES} minutes, the most that are accepted. Request it again later.`,
};

/** Why a delivery of a requested run is ignored. */
export const REQUEST_HANDLED = 'this requested run was handled before';

/** `off`: since when the cron is off, or its crontab if that is off. */
export function offReason({ activated }: CrontabSettings, off: Off | undefined): Reason {
  const since = off ? ` since ${iso(off.since)}${offText(off)}` : '';
  return { code: 'off', text: `The ${activated ? 'cron' : 'crontab'} is off${since}.` };
}

export function lateReason({ maxLateness }: Cron): Reason {
  return { code: 'late', text: `It waited longer than maxLateness (${maxLateness} s).` };
}

/** Why a new occurrence neither runs nor waits, while another one runs or waits; nothing if it may. */
export function overlapReason(
  { overlap }: Cron,
  { leases }: Pick<Job, 'leases'>,
  isAnyWaiting: boolean,
): Reason | undefined {
  if (overlap === 'allow') {
    const text = `${leases.length} runs were in progress, the most that are possible at once.`;
    return hasRoom(leases) ? undefined : { code: 'overlap', text };
  }
  const [running] = leases;
  const cause = running
    ? `The run of ${iso(running.plannedAt)} was in progress`
    : 'An earlier run was waiting';
  if (overlap === 'skip') return { code: 'overlap', text: `${cause}; overlap is "skip".` };
  if (!isAnyWaiting) return undefined;
  return { code: 'overlap', text: `${cause} and another one waits; overlap is "buffer", which keeps one.` };
}
