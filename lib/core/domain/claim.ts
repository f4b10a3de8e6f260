/**
 * What a delivery leads to: the job after the claim, the lease if something runs, and the time to arm.
 *
 * Deciding is pure. The engine then makes the next timer first, writes the job, and runs.
 */

import {
  applyMissedPolicy,
  mayNotRunAnymore,
  missedReason,
  notRunLogs,
  type Reason,
  tooLateReason,
} from './catch-up.ts';
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import {
  expireLeases,
  GRACE_MS,
  type Job,
  type Lease,
  MAX_EARLY_MS,
  mustWait,
  type Occurrence,
  withLogs,
} from './job.ts';
import { iso, type Log } from './log.ts';
import { dueTimes, isActive, timingOf } from './planned-times.ts';

export interface ClaimRequest {
  readonly cron: Cron;
  readonly settings: CrontabSettings;
  readonly job: Job;
  readonly occurrence: Occurrence;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The id of the run, should there be one. */
  readonly runId: string;
  /** When the process that claims is dead for certain, in epoch milliseconds. */
  readonly expiresAt: number;
}

export type Claim =
  | { readonly kind: 'ignored'; readonly reason: string }
  | {
      readonly kind: 'claimed';
      readonly job: Job;
      /** The next planned time, whose timer has to exist before the job is written. */
      readonly arm?: number;
      /** What runs now. */
      readonly lease?: Lease;
      /** What ended by this without running to its end; already in the job's logs. */
      readonly logs: readonly Log[];
    };

/** Why a delivery is ignored. */
export const IGNORED = {
  early: 'its time has not come',
  handled: 'it was handled before, or replaced by an edit',
  repeated: 'this forced run was handled before',
  waiting: 'it waits until the run in progress has ended',
} as const;

const TOO_LATE = missedReason(
  `It was delivered more than ${GRACE_MS / 60_000} minutes after it was asked for. ` +
    'If it has not run, ask for it again.',
);

export function claim(request: ClaimRequest): Claim {
  const { cron, now } = request;
  const { job, logs } = expireLeases(request.job, now, cron.logsLimit);
  const claimed = claimFrom(request, job);
  return claimed.kind === 'ignored' ? claimed : { ...claimed, logs: [...logs, ...claimed.logs] };
}

function claimFrom(request: ClaimRequest, job: Job): Claim {
  const { occurrence } = request;
  if (job.pending.some((waiting) => same(waiting, occurrence))) return claimWaiting(request, job);
  return occurrence.forced === undefined ? claimPlanned(request, job) : claimForced(request, job);
}

/** An occurrence whose turn may have come: whichever waits longest runs. */
function claimWaiting(request: ClaimRequest, job: Job): Claim {
  if (mustWait(job, request.cron)) return { kind: 'ignored', reason: IGNORED.waiting };
  return takeTurn(request, job, [], []);
}

function claimPlanned(request: ClaimRequest, job: Job): Claim {
  const { cron, settings, occurrence, now } = request;
  if (occurrence.plannedAt > now + MAX_EARLY_MS) return { kind: 'ignored', reason: IGNORED.early };
  if (!job.armed || occurrence.plannedAt < job.armed.plannedAt)
    return { kind: 'ignored', reason: IGNORED.handled };
  const until = Math.max(now, occurrence.plannedAt);
  const timing = timingOf(cron, settings);
  if (!isActive(cron, settings)) {
    const due = dueTimes(job, until).map((plannedAt) => ({ plannedAt }));
    return takeTurn(request, { ...job, armed: undefined }, due, []);
  }
  // By the timing that was armed: times of an edit that the sync has not seen yet, and that lie before it, never run.
  const { run, notRun } = applyMissedPolicy(cron, dueTimes(job, until), now);
  const next = cron.next(until, settings.timezone);
  const armed = next === undefined ? undefined : { plannedAt: next, timing };
  const claimed = takeTurn(
    request,
    { ...job, armed },
    run.map((plannedAt) => ({ plannedAt })),
    notRun,
  );
  return next === undefined ? claimed : { ...claimed, arm: next };
}

function claimForced(request: ClaimRequest, job: Job): Claim {
  const { occurrence } = request;
  const { recentForced = [] } = job;
  const known = [
    ...recentForced.map(({ forced }) => forced),
    ...[...job.leases, ...job.logs].map(({ runId }) => runId),
  ];
  if (known.includes(occurrence.forced)) return { kind: 'ignored', reason: IGNORED.repeated };
  const isRecent = ({ plannedAt }: Occurrence) => request.now - plannedAt <= GRACE_MS;
  // It may be a repetition of one that the job no longer remembers.
  if (!isRecent(occurrence)) {
    const logs = notRunLogs([occurrence], TOO_LATE, request.now);
    return { kind: 'claimed', job: withLogs(job, logs, request.cron.logsLimit), logs };
  }
  const remembering = { ...job, recentForced: [...recentForced.filter(isRecent), occurrence] };
  if (job.leases.length > 0) return takeTurn(request, remembering, [occurrence], []);
  // A forced run does not queue behind missed ones.
  const claimed = takeTurn(request, { ...remembering, pending: [] }, [occurrence], []);
  return { ...claimed, job: { ...claimed.job, pending: job.pending } };
}

type Claimed = Extract<Claim, { kind: 'claimed' }>;

/** Gives the next lease to what waits and to the fresh occurrences, in this order, as far as policies allow. */
function takeTurn(
  request: ClaimRequest,
  job: Job,
  fresh: readonly Occurrence[],
  alreadyNotRun: readonly Log[],
): Claimed {
  const { cron, now } = request;
  const refused = refusal(request);
  const [running] = job.leases;
  const turn = refused
    ? { pending: [], dropped: [...job.pending, ...fresh], reason: refused, run: undefined }
    : running && (fresh.length > 0 || mustWait(job, cron))
      ? whileRunning(cron, job, running, fresh)
      : nextInLine(cron, job, fresh, now);
  const notRun = [...alreadyNotRun, ...notRunLogs(turn.dropped, turn.reason, now)];
  const lease = turn.run && leaseFor(request, turn.run);
  const leases = lease ? [...job.leases, lease] : job.leases;
  const claimed = withLogs({ ...job, pending: turn.pending, leases }, notRun, cron.logsLimit);
  return { kind: 'claimed', job: claimed, logs: notRun, ...(lease ? { lease } : {}) };
}

interface Turn {
  readonly run: Occurrence | undefined;
  readonly pending: readonly Occurrence[];
  readonly dropped: readonly Occurrence[];
  /** Why those do not run; of no account when there are none. */
  readonly reason: Reason;
}

function refusal({ cron, settings }: ClaimRequest): Reason | undefined {
  if (!settings.activated) return { code: 'off', text: 'The crontab is switched off.' };
  if (!cron.activated) return { code: 'off', text: 'The cron is switched off.' };
  return undefined;
}

/** The overlap policy speaks of the latest occurrence; missed ones before it wait for their turn. */
function whileRunning(cron: Cron, job: Job, running: Lease, fresh: readonly Occurrence[]): Turn {
  const latest = fresh.slice(-1);
  const pending = [...job.pending, ...fresh.slice(0, -1)];
  const since = `The run of ${iso(running.plannedAt)} was still in progress`;
  switch (cron.overlap) {
    case 'allow':
      return { run: latest[0], pending, dropped: [], reason: overlap(since) };
    case 'skip':
      return { run: undefined, pending, dropped: latest, reason: overlap(`${since}; overlap is "skip".`) };
    case 'buffer':
      if (pending.length === 0)
        return { run: undefined, pending: latest, dropped: [], reason: overlap(since) };
      return {
        run: undefined,
        pending,
        dropped: latest,
        reason: overlap(`${since} and another one waits; overlap is "buffer", which keeps one.`),
      };
  }
}

function overlap(text: string): Reason {
  return { code: 'overlap', text };
}

function nextInLine(cron: Cron, job: Job, fresh: readonly Occurrence[], now: number): Turn {
  const line = [...job.pending, ...fresh];
  const dropped = line.filter(
    ({ plannedAt, forced }) => forced === undefined && mayNotRunAnymore(cron, plannedAt, now),
  );
  const [run, ...pending] = line.filter((occurrence) => !dropped.includes(occurrence));
  return { run, pending, dropped, reason: tooLateReason(cron) };
}

function leaseFor({ now, runId, expiresAt }: ClaimRequest, occurrence: Occurrence): Lease {
  return { ...occurrence, runId: occurrence.forced ?? runId, startedAt: now, expiresAt };
}

function same(a: Occurrence, b: Occurrence): boolean {
  return a.plannedAt === b.plannedAt && a.forced === b.forced;
}
