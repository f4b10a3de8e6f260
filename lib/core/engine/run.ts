/**
 * One delivery, from its arrival to the log. The order keeps the chain of timers whole: arm the next occurrence, claim this
 * one, run, then write the log and the end of the lease at once. The process may die anywhere:
 *
 * - before the claim: the next timer exists, and a repeated delivery or the sweep finds this occurrence still armed;
 * - after the claim: the next timer exists, the lease expires, and the run is recorded as dead, never repeated.
 */
import { claim } from '../domain/claim.ts';
import { Cron } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../domain/crontab-settings.ts';
import { UnavailableError } from '../domain/errors.ts';
import { type Delivery, type Job, type Lease, mustWait, newJob } from '../domain/job.ts';
import { iso, type Log } from '../domain/log.ts';
import { type RunResult, release, runLog } from '../domain/release.ts';
import { retry } from '../ports/retry.ts';
import type { State } from '../ports/store.ts';
import { type ExecutePorts, execute } from './execute.ts';
import { finishedEvent, startedEvent } from './job-events.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';
import { reportEnded, reportLate } from './report.ts';

export type RunPorts = Pick<Ports, 'store' | 'queue' | 'events' | 'random'> & ExecutePorts;

const MAX_TRIES = 10;

/** Milliseconds; they fit into the closing time of a run. */
const SAVE_DELAYS = [1_000, 4_000];

/** A claimed delivery: the job as written, what runs, and what ended without running to its end. */
interface Claimed {
  readonly cron: Cron;
  readonly job: Job;
  readonly lease?: Lease;
  readonly logs: readonly Log[];
}

/**
 * Handles one delivery. `deadline` is when this process is stopped from outside, in epoch milliseconds.
 * Throws only before the claim is certain, so a repetition is safe and needed.
 */
export async function run(ports: RunPorts, delivery: Delivery, deadline: number): Promise<void> {
  const runId = delivery.forced ?? ports.random.id();
  const logger = ports.logger.with({
    site: delivery.site,
    uid: delivery.uid,
    plannedAt: iso(delivery.plannedAt),
    runId,
  });
  const claimed = await claimDelivery({ ...ports, logger }, delivery, runId, deadline);
  if (!claimed) return;
  const { cron, lease, logs } = claimed;
  const named = { site: delivery.site, uid: delivery.uid, name: cron.name };
  reportEnded(logger, logs);
  await publishEvents(
    ports,
    startedEvent(named, lease ?? { ...delivery, runId }),
    ...logs.map((one) => finishedEvent(named, one)),
  );
  if (!lease) return;
  // An occurrence that has waited longer may run in place of the delivered one.
  const own = { ...ports, logger: logger.with({ plannedAt: iso(lease.plannedAt), runId: lease.runId }) };
  reportLate(own.logger, lease);
  const result = await execute(own, cron, delivery.site, lease, deadline);
  await finishRun(own, claimed, lease, result);
}

/** Makes the next timer and claims; nothing if there is nothing to do. Reads again after a lost race. */
async function claimDelivery(
  ports: RunPorts,
  delivery: Delivery,
  runId: string,
  deadline: number,
): Promise<Claimed | undefined> {
  const { site, uid } = delivery;
  const made = new Set<number>();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const state = await ports.store.read(site, uid);
    const before = state.job ?? newJob(site, uid);
    const decision = decideClaim(ports, state, before, delivery, runId, deadline);
    if (decision.kind === 'ignored') {
      ports.logger.info(`Nothing to do: ${decision.reason}`, { code: 'delivery-ignored' });
      await disarmAllBut(ports, before, made);
      return undefined;
    }
    if (decision.arm !== undefined) {
      await ports.queue.arm({ site, uid, plannedAt: decision.arm });
      made.add(decision.arm);
    }
    const job = await ports.store.saveJob(decision.job);
    if (!job) continue;
    await disarmAllBut(ports, job, made);
    return { ...decision, job };
  }
  throw new UnavailableError(`The job of ${site}/${uid} was changed by others ${MAX_TRIES} times in a row.`);
}

function decideClaim(
  ports: RunPorts,
  { cron: projection, crontab }: State,
  job: Job,
  { site: _site, uid: _uid, ...occurrence }: Delivery,
  runId: string,
  expiresAt: number,
) {
  if (!projection?.value) return { kind: 'ignored', reason: 'the cron is gone' } as const;
  const cron = new Cron(projection.value);
  const settings = crontab?.value ?? CRONTAB_DEFAULTS;
  const now = ports.clock.now();
  return { cron, ...claim({ cron, settings, job, occurrence, now, runId, expiresAt }) };
}

/** A timer that was made in a lost round, for a time that is not armed, would be delivered for nothing. */
async function disarmAllBut(
  { queue }: RunPorts,
  { site, uid, armed }: Job,
  made: Set<number>,
): Promise<void> {
  for (const plannedAt of made) {
    if (plannedAt !== armed?.plannedAt) await queue.disarm({ site, uid, plannedAt });
  }
}

/** Writes the log and the end of the lease at once, publishes the end, then delivers the next waiting occurrence. */
async function finishRun(ports: RunPorts, claimed: Claimed, lease: Lease, result: RunResult): Promise<void> {
  const { cron } = claimed;
  const { site, uid } = claimed.job;
  const ended = runLog(lease, result, ports.clock.now());
  const [job] = await Promise.all([
    saveLogWithRetry(ports, claimed, lease.runId, ended),
    publishEvents(ports, finishedEvent({ site, uid, name: cron.name }, ended)),
  ]);
  const [waiting] = job?.pending ?? [];
  if (!job || !waiting || mustWait(job, cron)) return;
  try {
    await ports.queue.deliver({ site, uid, ...waiting });
  } catch (error) {
    ports.logger.warn('The waiting occurrence could not be delivered; the sweep delivers it', {
      code: 'delivery-lost',
      error,
    });
  }
}

/**
 * The last run of a cron that is gone removes the job; nothing if another process was faster. A job that is still armed is
 * left to the synchronisation, which knows its timer.
 */
async function removeJobIfIdle({ store }: RunPorts, job: Job): Promise<Job | undefined> {
  if (job.armed || job.leases.length > 0) return store.saveJob(job);
  return (await store.removeJob(job)) ? job : undefined;
}

/** Retries with backoff: only this process knows the result of the run. */
async function saveLogWithRetry(
  ports: RunPorts,
  claimed: Claimed,
  runId: string,
  ended: Log,
): Promise<Job | undefined> {
  const save = () => saveLog(ports, claimed, runId, ended);
  try {
    return await retry(ports.clock, SAVE_DELAYS, save, () => true);
  } catch (error) {
    ports.logger.error('The run has ended, but its log could not be written', {
      code: 'log-lost',
      status: ended.status,
      messages: ended.messages,
      error,
    });
    return undefined;
  }
}

async function saveLog(
  ports: RunPorts,
  { cron, job: claimedJob }: Claimed,
  runId: string,
  ended: Log,
): Promise<Job | undefined> {
  let job: Job | undefined = claimedJob;
  let isGone = false;
  for (let tries = 0; tries < MAX_TRIES && job; tries++) {
    const released = release(job, runId, ended, cron.logsLimit);
    if (!released) break;
    const saved = isGone ? await removeJobIfIdle(ports, released) : await ports.store.saveJob(released);
    if (saved) return saved;
    const state = await ports.store.read(job.site, job.uid);
    job = state.job;
    isGone = state.cron?.value === undefined;
  }
  ports.logger.warn('The lease expired before the run ended: the run is recorded as dead', {
    code: 'lease-gone',
    status: ended.status,
    messages: ended.messages,
  });
  return undefined;
}
