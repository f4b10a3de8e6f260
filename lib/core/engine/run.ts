/**
 * One delivery, from its arrival to the run record. The order keeps the chain of timers whole: arm the next occurrence,
 * claim this one, run, then release and record in one commit. The process may die anywhere:
 *
 * - before the claim: the next timer exists, and a repeated delivery or the sweep finds this occurrence still armed;
 * - after the claim: the next timer exists, the lease expires, and the run ends as FAILURE `died`. It is never repeated.
 */
import { type Claim, type Claimed, claim } from '../domain/claim.ts';
import type { Cron } from '../domain/cron.ts';
import { ThrottledError, UnavailableError } from '../domain/errors.ts';
import { iso } from '../domain/iso.ts';
import { firstWaiting, type Job, type Lease, mustWait } from '../domain/job.ts';
import { type JobChange, release, runRecord } from '../domain/lease.ts';
import type { Timer } from '../domain/names.ts';
import { type Delivery, GRACE_MS } from '../domain/occurrence.ts';
import { inForce } from '../domain/projection.ts';
import { REQUEST_HANDLED } from '../domain/reasons.ts';
import { type RecordOwner, type RunRecord, recordId } from '../domain/run-record.ts';
import { pause } from '../ports/clock.ts';
import type { State } from '../ports/store.ts';
import { type ExecutePorts, type Execution, execute } from './execute.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';
import { finishedEvent, reportEnded, reportLate, startedEvent } from './run-reporting.ts';
import { disarmAllBut } from './touched-timers.ts';
import { updateJob } from './update-job.ts';
import { watchForStop } from './watch-for-stop.ts';

export interface RunPorts extends Pick<Ports, 'store' | 'queue' | 'events' | 'random'>, ExecutePorts {
  /** Names the code that runs, for the run records; absent if it is not known. */
  readonly codeVersion?: string;
  /** How often the sweep comes round, in milliseconds. */
  readonly sweepEveryMs: number;
  /**
   * Ends this process. Present where a run that ignores its abort signal is ended that way; elsewhere its lease stays until
   * it has really ended.
   */
  readonly endProcess?: () => void;
  /**
   * Aborted when this process shuts down. Present where the process goes on after a run: a record that cannot be stored is
   * tried again until then. Elsewhere the sweep ends the lease when it has expired.
   */
  readonly shutdown?: AbortSignal;
}

/** How long a lease outlives the process that holds it, in milliseconds, because clocks differ. */
const LEASE_MARGIN_MS = 60_000;

/** The pause before a record that could not be stored is tried again, in milliseconds; each try has a backoff of its own. */
const RECORD_RETRY_MS = 15_000;

/** A delivery that was claimed. */
interface ClaimedDelivery extends Claimed {
  readonly cron: Cron;
  /** What the claim was decided by. */
  readonly state: State;
}

type Decision = ClaimedDelivery | (JobChange & Exclude<Claim, Claimed>);

/**
 * Handles one delivery. `deadline` is when this process is ended from outside, in epoch milliseconds. Throws only before
 * the claim is certain, so that a repetition is safe and needed. `onDecided` is called once the claim is stored, or there is
 * nothing to do: from then on the delivery need not be repeated.
 */
export async function run(
  ports: RunPorts,
  delivery: Delivery,
  deadline: number,
  onDecided: () => void = () => {},
): Promise<void> {
  const { site, uid } = delivery;
  const runId = delivery.forced ?? ports.random.id();
  const logger = ports.logger.with({ site, uid, plannedAt: iso(delivery.plannedAt), runId });
  const claimed = await claimDelivery({ ...ports, logger }, delivery, runId, deadline);
  onDecided();
  if (!claimed) return;
  const { cron, lease, records } = claimed;
  const owner = { site, uid, runner: cron.name };
  reportEnded(logger, records);
  const started = startedEvent(owner, lease ?? { ...delivery, runId });
  await publishEvents(ports, started, ...records.map((record) => finishedEvent(record)));
  await deliverWaiting(ports, claimed.job, cron);
  if (!lease) return;
  // The occurrence that was delivered may wait behind another one, which starts instead.
  const runLogger = logger.with({ plannedAt: iso(lease.plannedAt), runId: lease.runId });
  reportLate(runLogger, lease);
  const runPorts = { ...ports, logger: runLogger };
  const stop = new AbortController();
  const unwatch = watchForStop(runPorts, owner, lease, (error) => stop.abort(error));
  const execution = await execute(runPorts, cron, site, lease, deadline, stop.signal);
  unwatch();
  await finish(runPorts, owner, claimed, lease, execution);
}

/** Arms the next occurrence and claims this one; nothing if there is nothing to do. */
async function claimDelivery(
  ports: RunPorts,
  delivery: Delivery,
  runId: string,
  deadline: number,
): Promise<ClaimedDelivery | undefined> {
  const { site, uid } = delivery;
  const execution = {
    runId,
    holder: ports.random.id(),
    deliveredAt: ports.clock.now(),
    expiresAt: deadline + LEASE_MARGIN_MS,
    ...(ports.codeVersion === undefined ? {} : { codeVersion: ports.codeVersion }),
  };
  if (await isOldRequest(ports, delivery)) return ignore(ports, REQUEST_HANDLED);
  const touched = new Set<number>();
  let lastClaim: ClaimedDelivery | undefined;
  const decision = await updateJob<Decision>(ports, site, uid, async (state, job) => {
    const lease = job.leases.find(({ holder }) => holder === execution.holder);
    // The answer to the claim was lost. The cron may be removed since then: no other execution starts this run.
    if (lease && lastClaim) return { ...lastClaim, job, lease };
    const decided = decideClaim(ports, state, job, delivery, execution);
    if (decided.kind !== 'claimed') return decided;
    lastClaim = decided;
    if (decided.arm !== undefined && (await arm(ports, { site, uid, plannedAt: decided.arm })))
      touched.add(decided.arm);
    return decided;
  });
  await removeLeftTimers(ports, decision.job, touched);
  return decision.kind === 'claimed' ? decision : ignore(ports, decision.reason);
}

function ignore({ logger }: RunPorts, reason: string): undefined {
  logger.info(`Nothing to do: ${reason}`, { code: 'delivery-ignored' });
}

/** Whether it is a late duplicate of a requested run, which the job may have forgotten and which has a record. */
async function isOldRequest({ store, clock }: RunPorts, delivery: Delivery): Promise<boolean> {
  if (delivery.forced === undefined || clock.now() - delivery.plannedAt <= GRACE_MS) return false;
  return (await store.readRecord(delivery.site, delivery.uid, recordId(delivery))) !== undefined;
}

function decideClaim(
  ports: RunPorts,
  state: State,
  job: Job,
  { site, uid: _uid, ...occurrence }: Delivery,
  execution: Omit<Lease, 'plannedAt' | 'claimedAt' | 'definitionVersion'>,
): Decision {
  const { cron: projection, crontab } = state;
  const { cron, ...terms } = inForce(projection, crontab);
  if (!projection || !cron) return { kind: 'ignored', reason: 'the cron is gone', job, records: [] };
  const { version: definitionVersion } = projection;
  const now = ports.clock.now();
  const decision = claim({
    ...terms,
    cron,
    job,
    occurrence,
    now,
    execution: {
      ...execution,
      definitionVersion,
      ...(ports.runners.mayWait?.(cron.name, site) && { mayWait: true }),
    },
  });
  return decision.kind === 'claimed' ? { ...decision, cron, state } : { ...decision, job, records: [] };
}

/**
 * Whether the timer exists now. A throttled call is tolerated if the sweep comes round twice before the timer is due: the
 * sweep makes it. Otherwise a herd of crons would use up Lambda's retries.
 */
async function arm({ queue, clock, sweepEveryMs, logger }: RunPorts, timer: Timer): Promise<boolean> {
  try {
    await queue.arm(timer);
    return true;
  } catch (error) {
    if (!(error instanceof ThrottledError) || timer.plannedAt < clock.now() + 2 * sweepEveryMs) throw error;
    logger.warn('The next timer was throttled; the sweep makes it', { code: 'arm-throttled', error });
    return false;
  }
}

/** Nothing that fails here may stop a run that was claimed. */
async function removeLeftTimers(
  { queue, logger }: RunPorts,
  job: Job,
  touched: ReadonlySet<number>,
): Promise<void> {
  try {
    await disarmAllBut(queue, job, touched);
  } catch (error) {
    logger.warn('A timer could not be removed; the sweep removes it', { code: 'timer-left', error });
  }
}

/** Releases the lease and records the run in one commit, announces it, and delivers what waits. */
async function finish(
  ports: RunPorts,
  owner: RecordOwner,
  { cron, state, job: claimedJob }: ClaimedDelivery,
  lease: Lease,
  { result, settled }: Execution,
): Promise<void> {
  const { endProcess } = ports;
  const endsLate = settled !== undefined && endProcess === undefined;
  if (endsLate) await settled;
  const ended = endsLate ? { ...result, wentOn: true as const } : result;
  const record = runRecord(owner, lease, ended, ports.clock.now());
  const job = await releaseAndRecord(ports, { ...state, job: claimedJob }, lease, record);
  if (job) {
    await publishEvents(ports, finishedEvent(record));
    await deliverWaiting(ports, job, cron);
  }
  if (settled !== undefined) endProcess?.();
}

/** The released job; nothing if the sweep has ended the lease, or if the store does not answer. */
async function releaseAndRecord(
  ports: RunPorts,
  known: State,
  lease: Lease,
  record: RunRecord,
): Promise<Job | undefined> {
  const { logger, clock, shutdown } = ports;
  const { status, messages } = record;
  for (;;) {
    try {
      return await releaseOnce(ports, known, lease, record);
    } catch (error) {
      if (!shutdown || shutdown.aborted || !(error instanceof UnavailableError)) {
        // Only this process knows the result. The sweep ends the lease when it has expired.
        const text = 'The run has ended, but its record could not be written';
        logger.error(text, { code: 'record-lost', status, messages, error });
        return undefined;
      }
      const text = 'The run has ended, but its record could not be written yet; it is tried again';
      logger.warn(text, { code: 'record-repeated', status, messages, error });
      await pause(clock, RECORD_RETRY_MS, shutdown);
    }
  }
}

async function releaseOnce(
  ports: RunPorts,
  known: State,
  lease: Lease,
  record: RunRecord,
): Promise<Job | undefined> {
  const { site, uid, status, messages } = record;
  const releaseLease = (_state: State, job: Job) => release(job, lease.holder, record);
  const change = await updateJob(ports, site, uid, releaseLease, known);
  if (change) return change.job;
  if (await isRecorded(ports, record)) return await ports.store.readJob(site, uid);
  const text = 'The lease expired before the run ended: the run is recorded as dead';
  ports.logger.warn(text, { code: 'lease-gone', status, messages });
  return undefined;
}

/** Whether this very record was committed: its answer was lost, and another writer came after it. */
async function isRecorded({ store }: RunPorts, record: RunRecord): Promise<boolean> {
  const stored = await store.readRecord(record.site, record.uid, recordId(record));
  const isSame = (field: 'runId' | 'reason' | 'endedAt') => stored?.[field] === record[field];
  return stored !== undefined && isSame('runId') && isSame('reason') && isSame('endedAt');
}

/** What waits and may start is delivered at once; if that fails, the sweep delivers it. */
async function deliverWaiting({ queue, logger }: RunPorts, job: Job, cron: Cron): Promise<void> {
  const waiting = firstWaiting(job);
  if (!waiting || mustWait(job, cron)) return;
  try {
    await queue.deliver({ site: job.site, uid: job.uid, ...waiting });
  } catch (error) {
    logger.warn('What waits could not be delivered; the sweep delivers it', { code: 'delivery-lost', error });
  }
}
