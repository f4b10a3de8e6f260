/**
 * One delivery, from waking up to the log. The order is what keeps the chain whole: the next timer is made, then the
 * run is claimed, then it runs, then its log and the end of its lease are written as one. It may die anywhere:
 *
 * - before the claim: the next timer exists, and a repeated delivery or the sweep finds this time still armed;
 * - after the claim: the next timer exists, the lease expires, and the run is recorded as dead, never repeated.
 */

import { claim } from '../domain/claim.ts';
import { Cron } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../domain/crontab-settings.ts';
import { UnavailableError } from '../domain/errors.ts';
import { type Delivery, type Job, type Lease, mustWait, newJob } from '../domain/job.ts';
import { iso, type Log } from '../domain/log.ts';
import { type RunResult, release, runLog } from '../domain/release.ts';
import { pause } from '../ports/clock.ts';
import type { State } from '../ports/store.ts';
import { type ExecutePorts, execute } from './execute.ts';
import { finishedEvent, startedEvent } from './job-events.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';
import { reportEnded, reportLate } from './report.ts';

export type RunPorts = Pick<Ports, 'store' | 'queue' | 'events' | 'random'> & ExecutePorts;

const MAX_TRIES = 10;

/** Milliseconds; they fit into the closing time of a run. */
const SAVE_PAUSES = [1_000, 4_000];

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
  // What was delivered may have been put behind something that waited longer.
  const own = { ...ports, logger: logger.with({ plannedAt: iso(lease.plannedAt), runId: lease.runId }) };
  reportLate(own.logger, lease);
  const outcome = await execute(own, cron, delivery.site, lease, deadline);
  await finishRun(own, claimed, lease, outcome);
}

/** Makes the next timer and claims; nothing when there is nothing to do. Whoever loses a race looks again. */
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

/** Timers made in a round that was lost, for a time that nobody armed, would wake somebody for nothing. */
async function disarmAllBut(
  { queue }: RunPorts,
  { site, uid, armed }: Job,
  made: Set<number>,
): Promise<void> {
  for (const plannedAt of made) {
    if (plannedAt !== armed?.plannedAt) await queue.disarm({ site, uid, plannedAt });
  }
}

/** Log and end of the lease in one write, while the bus is told; then whoever waits gets its turn. */
async function finishRun(ports: RunPorts, claimed: Claimed, lease: Lease, outcome: RunResult): Promise<void> {
  const { cron } = claimed;
  const { site, uid } = claimed.job;
  const ended = runLog(lease, outcome, ports.clock.now());
  const [job] = await Promise.all([
    saveLogWithRetry(ports, claimed, lease.runId, ended),
    publishEvents(ports, finishedEvent({ site, uid, name: cron.name }, ended)),
  ]);
  const [waiting] = job?.pending ?? [];
  if (!job || !waiting || mustWait(job, cron)) return;
  try {
    await ports.queue.deliver({ site, uid, ...waiting });
  } catch (error) {
    ports.logger.warn('What waits could not be delivered; the sweep will do it', {
      code: 'delivery-lost',
      error,
    });
  }
}

/**
 * The last run of a cron that is gone takes the job along; nothing when somebody else was faster. A job that is still
 * armed is left to the synchronisation, which knows its timer.
 */
async function removeJobIfIdle({ store }: RunPorts, job: Job): Promise<Job | undefined> {
  if (job.armed || job.leases.length > 0) return store.saveJob(job);
  return (await store.removeJob(job)) ? job : undefined;
}

/** What the run came to is known here alone: a table that does not answer is asked again. */
async function saveLogWithRetry(
  ports: RunPorts,
  claimed: Claimed,
  runId: string,
  ended: Log,
): Promise<Job | undefined> {
  const attempt = () => saveLog(ports, claimed, runId, ended);
  for (const wait of SAVE_PAUSES) {
    try {
      return await attempt();
    } catch {
      await pause(ports.clock, wait);
    }
  }
  try {
    return await attempt();
  } catch (error) {
    ports.logger.error('The run has ended, and its log cannot be written: it will be taken for dead', {
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
  ports.logger.warn('The run has ended, but its lease is gone: its log stands as it was written then', {
    code: 'lease-gone',
    status: ended.status,
    messages: ended.messages,
  });
  return undefined;
}
