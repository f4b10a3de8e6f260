/**
 * Makes the timers equal to the crontab. For one cron: create the next timer, write the job, remove the old timer. So a
 * cron that had a timer has one wherever this stops, and doing it again finishes it.
 */
import pMap from 'p-map';
import { Cron } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../domain/crontab-settings.ts';
import { UnavailableError } from '../domain/errors.ts';
import { type Job, newJob } from '../domain/job.ts';
import { iso } from '../domain/log.ts';
import { isEmpty, reconcile, type SyncPlan } from '../domain/reconcile.ts';
import type { Event } from '../ports/events.ts';
import type { State } from '../ports/store.ts';
import { finishedEvent } from './job-events.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';
import { reportEnded } from './report.ts';

export type SyncPorts = Pick<Ports, 'store' | 'queue' | 'events' | 'clock' | 'logger'>;

const MAX_TRIES = 10;
const AT_ONCE = 10;

/**
 * Synchronises every cron of the site. Reads once; a cron that agrees costs nothing more. Settles nothing: a slower
 * process, which read the previous state, may still write after this. The sweep looks again later.
 */
export async function syncSite(ports: SyncPorts, site: string): Promise<void> {
  // The site's state may be a little behind, and the switch is what has often just changed.
  const [crontab, { crons }] = await Promise.all([
    ports.store.readProjection({ site }),
    ports.store.readSite(site),
  ]);
  const settings = (crontab?.value as CrontabSettings | undefined) ?? CRONTAB_DEFAULTS;
  const now = ports.clock.now();
  const off = crons.filter(({ uid, cron, job = newJob(site, uid) }) => {
    const plan = reconcile(cron?.value && new Cron(cron.value), settings, job, now);
    return !isEmpty(plan, job);
  });
  await pMap(off, ({ uid }) => syncCron(ports, site, uid), { concurrency: AT_ONCE, stopOnError: false });
}

/** Synchronises one cron, and settles nothing. Throws UnavailableError if other processes keep changing its job. */
export async function syncCron(ports: SyncPorts, site: string, uid: string): Promise<void> {
  const touched = new Set<number>();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const state = await ports.store.read(site, uid);
    const job = state.job ?? newJob(site, uid);
    const plan = planFor(state, job, ports.clock.now());
    if (plan.arm !== undefined) {
      await ports.queue.arm({ site, uid, plannedAt: plan.arm });
      touched.add(plan.arm);
    }
    // Also if the write is lost: the faster write may be this one, whose answer was lost.
    if (plan.disarm !== undefined) touched.add(plan.disarm);
    if (!(await write(ports, job, plan))) continue;
    reportEnded(ports.logger.with({ site, uid }), plan.logs);
    await finish(ports, job, plan, touched);
    if (plan.job !== job) await publishEvents(ports, ...changes(job, plan, state.cron?.value?.name ?? ''));
    return;
  }
  throw new UnavailableError(`The job of ${site}/${uid} was changed by others ${MAX_TRIES} times in a row.`);
}

function planFor({ cron, crontab }: State, job: Job, now: number): SyncPlan {
  return reconcile(cron?.value && new Cron(cron.value), crontab?.value ?? CRONTAB_DEFAULTS, job, now);
}

/** Whether the job is now stored as planned; false if another process was faster. */
async function write({ store }: SyncPorts, job: Job, plan: SyncPlan): Promise<boolean> {
  if (plan.job === job) return true;
  if (plan.job) return (await store.saveJob(plan.job)) !== undefined;
  return job.revision === 0 || store.removeJob(job);
}

async function finish(ports: SyncPorts, job: Job, plan: SyncPlan, touched: Set<number>): Promise<void> {
  const { site, uid } = job;
  const armed = plan.job?.armed?.plannedAt;
  for (const plannedAt of touched) {
    if (plannedAt !== armed) await ports.queue.disarm({ site, uid, plannedAt });
  }
  if (plan.deliver) {
    ports.logger.warn(
      `Redelivering an overdue occurrence: ${site}/${uid} at ${iso(plan.deliver.plannedAt)}`,
      {
        site,
        uid,
        plannedAt: iso(plan.deliver.plannedAt),
        code: 'run-redelivered',
      },
    );
    await ports.queue.deliver({ site, uid, ...plan.deliver });
  }
}

function changes(before: Job, { job, logs }: SyncPlan, name: string): Event[] {
  const { site, uid } = before;
  const armed = job?.armed ? { armed: iso(job.armed.plannedAt) } : {};
  const synchronised: Event = { type: 'CrontabSynchronisation', detail: { site, uid, ...armed } };
  return [
    ...logs.map((log) => finishedEvent({ site, uid, name }, log)),
    ...(job?.armed?.plannedAt === before.armed?.plannedAt ? [] : [synchronised]),
  ];
}
