/**
 * What a delivery leads to: the job after the claim, the lease if something runs, the time to arm, and the records of what
 * does not run.
 *
 * Times older than the grace meet `missed` and `maxLateness`. Times within it are decided one by one, oldest first: a time
 * overlaps if the job has been busy since that time or earlier, and then `overlap` decides. Any other time is merely late:
 * it starts, or waits behind those before it.
 *
 * Deciding is pure. The caller arms the next time first, then commits, then runs.
 */
import { catchUp, isTooLate } from './catch-up.ts';
import type { Cron } from './cron.ts';
import {
  type Job,
  type Lease,
  MAX_RECENT_FORCED,
  mustWait,
  type RequestedRun,
  recentRequests,
  withBusySince,
} from './job.ts';
import { expireLeases, type JobChange, withRecords } from './lease.ts';
import { notRunRecord, notRunRecords, type Reason } from './not-run.ts';
import { GRACE_MS, isForced, MAX_EARLY_MS, type Occurrence } from './occurrence.ts';
import type { InForce } from './projection.ts';
import {
  BEHIND_WAITING,
  DELIVERED_LATE,
  lateReason,
  OUTPACED,
  offReason,
  overlapReason,
  REPLACED,
  REQUEST_HANDLED,
  TOO_MANY_REQUESTS,
} from './reasons.ts';
import type { RecordOwner, RunRecord } from './run-record.ts';
import {
  type DueTimes,
  dueTimes,
  followingTime,
  isActive,
  nextUndecided,
  timingOf,
  waitingTimes,
} from './timing.ts';

export interface ClaimRequest extends InForce {
  readonly cron: Cron;
  readonly job: Job;
  readonly occurrence: Occurrence & Pick<RequestedRun, 'requestedBy' | 'evenOff'>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What a lease says beside its occurrence. */
  readonly execution: Omit<Lease, 'plannedAt' | 'forced' | 'requestedBy' | 'evenOff' | 'claimedAt' | 'stop'>;
}

export type Claim = { readonly kind: 'ignored'; readonly reason: string } | Claimed;

export interface Claimed extends JobChange {
  readonly kind: 'claimed';
  /** The next planned time, whose timer has to exist before the job is committed. */
  readonly arm?: number;
  /** What runs now. */
  readonly lease?: Lease;
}

/** What waits or is due, in the order in which it runs. */
interface Line {
  readonly times: readonly number[];
  readonly forced: readonly RequestedRun[];
}

/** So many planned times may wait; what waits has to be walked through. */
const MAX_WAITING = 500;

export function claim(request: ClaimRequest): Claim {
  const { cron, job, now, occurrence } = request;
  // Also if that lease has expired: the sweep ends it.
  if (isForced(occurrence) && job.leases.some(({ forced }) => forced === occurrence.forced)) {
    return ignored(REQUEST_HANDLED);
  }
  const expired = expireLeases(job, cron.name, now);
  const current = { ...request, job: expired.job };
  const claimed = isForced(occurrence) ? claimForced(current, occurrence) : claimPlanned(current);
  if (claimed.kind !== 'claimed') return claimed;
  return { ...claimed, records: [...expired.records, ...claimed.records] };
}

function claimPlanned(request: ClaimRequest): Claim {
  const { cron, settings, job, occurrence, now } = request;
  const { plannedAt } = occurrence;
  const line = lineOf(request);
  if (line.times.includes(plannedAt)) return claimWaiting(request, line);
  if (plannedAt > now + MAX_EARLY_MS) return ignored('its time has not come');
  if (job.armedAt === undefined || plannedAt < job.armedAt) {
    return ignored('it was handled before, or replaced by an edit');
  }
  const until = Math.max(now, plannedAt);
  const due = dueBy(request, until);
  const decided = { ...job, decidedUntil: due.times.at(-1), armedAt: undefined };
  const off = offReasonOf(request);
  if (off) return dropLine(request, decided, line, off, notRunRecords(ownerOf(request), due, off, now));
  const { inForce, replaced } = splitByTiming(request, due);
  const { missed, onTime, records } = catchUp(cron, ownerOf(request), inForce, now);
  const joined = onTime.reduce<Joined>((state, time) => joinLine(request, state, time), {
    line: { ...line, times: [...line.times, ...missed] },
    records: [...records, ...notRunRecords(ownerOf(request), replaced, REPLACED, now)],
  });
  const whole = withoutGap(request, line.times, joined);
  const arm = nextUndecided(cron, settings, decided, until);
  if (arm === undefined) return takeTurn(request, decided, whole);
  const armed = { ...decided, armedAt: arm, timing: timingOf(cron, settings) };
  return { ...takeTurn(request, armed, whole), arm };
}

function dueBy({ job, cron, settings }: ClaimRequest, until: number): DueTimes {
  return dueTimes(job, until, followingTime(job, cron, settings));
}

/**
 * After an edit, the latest due times may be times that the cron no longer has: these do not run. Those that come after the
 * edit were not planned by what was in force then: there is nothing to record about them.
 */
function splitByTiming(
  request: ClaimRequest,
  due: DueTimes,
): { readonly inForce: DueTimes; readonly replaced: DueTimes } {
  const { job, cron, settings, editedAt } = request;
  if (job.timing === timingOf(cron, settings)) return { inForce: due, replaced: { times: [] } };
  const isInForce = (time: number) => cron.next(time - 1, settings.timezone) === time;
  const count = due.times.findLastIndex(isInForce) + 1;
  const until = Math.min(editedAt, ...due.times.slice(-1));
  if (count === 0) return { inForce: { times: [] }, replaced: dueBy(request, until) };
  return {
    inForce: { ...due, times: due.times.slice(0, count) },
    replaced: { times: due.times.slice(count).filter((time) => time <= until) },
  };
}

/** Nothing unless the job has been busy since that time or earlier. */
function reasonOfOverlap({ job, cron }: ClaimRequest, line: Line, time: number): Reason | undefined {
  const overlaps = job.busySince !== undefined && job.busySince <= time;
  return overlaps ? overlapReason(cron, job, isAnyWaiting(line)) : undefined;
}

interface Joined {
  readonly line: Line;
  readonly records: readonly RunRecord[];
}

/** One planned time within the grace: it takes its place in the line, unless `overlap` keeps it from running. */
function joinLine(request: ClaimRequest, { line, records }: Joined, time: number): Joined {
  const { now } = request;
  const reason = line.times.length >= MAX_WAITING ? BEHIND_WAITING : reasonOfOverlap(request, line, time);
  if (!reason) return { line: { ...line, times: [...line.times, time] }, records };
  return { line, records: [...records, notRunRecord(ownerOf(request), { plannedAt: time }, reason, now)] };
}

/**
 * What waits is one range, so that times on both sides of a gap cannot wait: those in the gap would wait with them. What is
 * on time keeps its place; otherwise the later times take it.
 */
function withoutGap(request: ClaimRequest, waited: readonly number[], joined: Joined): Joined {
  const { job, cron, settings, now } = request;
  const { line, records } = joined;
  const [last, first] = [waited.at(-1), line.times[waited.length]];
  if (last === undefined || first === undefined) return joined;
  if (followingTime(job, cron, settings)(last) === first) return joined;
  const later = line.times.slice(waited.length);
  if (now - last <= GRACE_MS) {
    const behind = notRunRecords(ownerOf(request), { times: later }, BEHIND_WAITING, now);
    return { line: { ...line, times: waited }, records: [...records, ...behind] };
  }
  const outpaced = notRunRecords(ownerOf(request), { times: waited }, OUTPACED, now);
  return { line: { ...line, times: later }, records: [...outpaced, ...records] };
}

function claimWaiting(request: ClaimRequest, line: Line): Claim {
  const { job, cron } = request;
  if (mustWait(job, cron)) return ignored('it waits until the run in progress has ended');
  const off = offReasonOf(request);
  return off ? dropLine(request, job, line, off, []) : takeTurn(request, job, { line, records: [] });
}

function claimForced(request: ClaimRequest, run: RequestedRun): Claim {
  const { cron, job, now } = request;
  const line = lineOf(request);
  if (line.forced.some(({ forced }) => forced === run.forced)) return claimWaiting(request, line);
  if (job.recentForced.some(({ forced }) => forced === run.forced)) return ignored(REQUEST_HANDLED);
  const refuse = (reason: Reason, changed = job): Claimed => ({
    kind: 'claimed',
    ...withRecords(changed, [notRunRecord(ownerOf(request), run, reason, now)]),
  });
  // A repeated delivery of a run that the job has forgotten ends here too; the record of that run stays as it is.
  if (now - run.plannedAt > GRACE_MS) return refuse(DELIVERED_LATE);
  const recentForced = recentRequests(job, now);
  if (recentForced.length >= MAX_RECENT_FORCED) return refuse(TOO_MANY_REQUESTS);
  const { plannedAt, forced } = run;
  const remembering = { ...job, recentForced: [...recentForced, { plannedAt, forced }] };
  const off = run.evenOff ? undefined : offReasonOf(request);
  if (off) return refuse(off, remembering);
  if (job.leases.length > 0) {
    const reason = overlapReason(cron, job, isAnyWaiting(line));
    if (reason) return refuse(reason, remembering);
    if (cron.overlap === 'buffer') {
      return takeTurn(request, remembering, { line: { ...line, forced: [run] }, records: [] });
    }
  }
  // A requested run starts before missed ones.
  return start(request, remembering, run, { line, records: [] });
}

/** Starts what waits longest unless something keeps it waiting; the rest of the line goes on waiting. */
function takeTurn(request: ClaimRequest, job: Job, { line, records }: Joined): Claimed {
  const { cron, now } = request;
  const late = line.times.filter((time) => isTooLate(cron, time, now));
  const notRun = [...records, ...notRunRecords(ownerOf(request), { times: late }, lateReason(cron), now)];
  const [time, ...times] = line.times.slice(late.length);
  const [forced, ...otherForced] = line.forced;
  if (mustWait(job, cron)) {
    const all = time === undefined ? [] : [time, ...times];
    return claimed(request, job, { ...line, times: all }, notRun);
  }
  if (time !== undefined && (forced === undefined || time <= forced.plannedAt)) {
    return start(request, job, { plannedAt: time }, { line: { ...line, times }, records: notRun });
  }
  if (forced === undefined) return claimed(request, job, { times: [], forced: [] }, notRun);
  const rest = { times: time === undefined ? [] : [time, ...times], forced: otherForced };
  return start(request, job, forced, { line: rest, records: notRun });
}

function start(request: ClaimRequest, job: Job, occurrence: Occurrence, { line, records }: Joined): Claimed {
  const { execution, now } = request;
  const runId = occurrence.forced ?? execution.runId;
  const lease: Lease = { ...occurrence, ...execution, runId, claimedAt: now };
  const leased = { ...job, leases: [...job.leases, lease] };
  return { ...claimed(request, leased, line, records), lease };
}

/** Nothing of the line runs but requests that hold although the cron is off: the first of them, unless it has to wait. */
function dropLine(
  request: ClaimRequest,
  job: Job,
  { times, forced }: Line,
  reason: Reason,
  records: readonly RunRecord[],
): Claimed {
  const owner = ownerOf(request);
  const waiting = notRunRecords(owner, { times }, reason, request.now);
  const refused = forced.filter(({ evenOff }) => !evenOff);
  const requested = refused.map((run) => notRunRecord(owner, run, reason, request.now));
  const kept = { times: [], forced: forced.filter(({ evenOff }) => evenOff) };
  return takeTurn(request, job, { line: kept, records: [...waiting, ...records, ...requested] });
}

/** The job with what waits as its line. Times of a timing that an edit has replaced cannot wait: they do not run. */
function claimed(
  request: ClaimRequest,
  job: Job,
  { times, forced }: Line,
  records: readonly RunRecord[],
): Claimed {
  const { now } = request;
  const [from] = times;
  const to = times.at(-1);
  const canWait = job.timing === request.job.timing;
  const waiting = from === undefined || to === undefined || !canWait ? undefined : { from, to };
  const replaced = canWait ? [] : notRunRecords(ownerOf(request), { times }, REPLACED, now);
  const next = withBusySince({ ...job, waiting, waitingForced: forced, redelivery: undefined }, now);
  return { kind: 'claimed', ...withRecords(next, [...records, ...replaced]) };
}

/** What waits, with every planned time of its range. */
function lineOf({ job, cron, settings }: ClaimRequest): Line {
  return { times: waitingTimes(job, followingTime(job, cron, settings)), forced: job.waitingForced };
}

function isAnyWaiting({ times, forced }: Line): boolean {
  return times.length + forced.length > 0;
}

function offReasonOf({ cron, settings, off }: ClaimRequest): Reason | undefined {
  return isActive(cron, settings) ? undefined : offReason(settings, off);
}

function ownerOf({ job: { site, uid }, cron: { name } }: ClaimRequest): RecordOwner {
  return { site, uid, runner: name };
}

function ignored(reason: string): Claim {
  return { kind: 'ignored', reason };
}
