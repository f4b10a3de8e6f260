/**
 * Makes the timers equal to the crontab. For one cron: create the next timer, commit the job, remove the old timer. So a
 * cron that had a timer has one wherever this stops, and doing it again finishes it.
 */
import pMap from 'p-map';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import { UnreadableError } from '../domain/errors.ts';
import type { Event } from '../domain/event.ts';
import { iso } from '../domain/iso.ts';
import { type Job, newJob } from '../domain/job.ts';
import type { Occurrence } from '../domain/occurrence.ts';
import { inForce, type Projection } from '../domain/projection.ts';
import { isEmpty, reconcile, type SyncPlan } from '../domain/reconcile.ts';
import { pause } from '../ports/clock.ts';
import type { CronState } from '../ports/store.ts';
import { collectErrors, type ErrorCollection } from './collect-errors.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';
import { finishedEvent, reportEnded } from './run-reporting.ts';
import { disarmAllBut } from './touched-timers.ts';
import { unlessUnreadable } from './unless-unreadable.ts';
import { updateJob } from './update-job.ts';

export type SyncPorts = Pick<Ports, 'store' | 'queue' | 'events' | 'clock' | 'random' | 'logger'>;

const CONCURRENCY = 10;

/** How many crons are compared at a stretch. */
const MAX_COMPARED = 500;

/** Synchronises every cron of the site. One that fails stops no other: its error is thrown at the end. */
export async function syncSite(ports: SyncPorts, site: string): Promise<void> {
  const errors = collectErrors(`Not every cron of ${site} could be synchronised`);
  await reconcileSite(ports, site, errors);
  errors.finish();
}

/**
 * Synchronises every cron of the site that needs it, and returns their states as they were read before. One query. What
 * this version cannot read is logged and left as it is.
 */
export async function reconcileSite(
  ports: SyncPorts,
  site: string,
  errors: ErrorCollection,
): Promise<readonly CronState[]> {
  // The site's state may be some seconds old, and the switch is what has often just changed.
  const [crontab, { crons }] = await Promise.all([
    ports.store.readProjection({ site }),
    ports.store.readSite(site),
  ]);
  const now = ports.clock.now();
  let turn = Promise.resolve();
  const sync = async (cron: CronState, index: number) => {
    // Whatever else this process does goes on meanwhile, so all of them wait.
    if (index % MAX_COMPARED === MAX_COMPARED - 1) turn = pause(ports.clock, 0);
    await turn;
    await errors.run(() =>
      unlessUnreadable(ports.logger, site, cron.uid, async () => {
        if (needsSync(site, cron, crontab as Projection<CrontabSettings> | undefined, now))
          await syncCron(ports, site, cron.uid);
      }),
    );
  };
  await pMap(crons, sync, { concurrency: CONCURRENCY });
  return crons;
}

function needsSync(
  site: string,
  { uid, cron, job = newJob(site, uid), unreadable }: CronState,
  crontab: Projection<CrontabSettings> | undefined,
  now: number,
): boolean {
  const terms = inForce(cron, crontab);
  const why = unreadable ?? terms.cron?.unreadable(terms.settings.timezone);
  if (why !== undefined) throw new UnreadableError(site, uid, why);
  return !isEmpty(reconcile(terms, job, now), job);
}

/** Synchronises one cron. Throws UnavailableError if others keep changing its job. */
export async function syncCron(ports: SyncPorts, site: string, uid: string): Promise<void> {
  const touched = new Set<number>();
  const change = await updateJob(ports, site, uid, async (state, before) => {
    const plan = reconcile(inForce(state.cron, state.crontab), before, ports.clock.now());
    if (plan.arm !== undefined) {
      await ports.queue.arm({ site, uid, plannedAt: plan.arm });
      touched.add(plan.arm);
    }
    // Also if the commit is refused: what was committed instead may be this very change, whose answer was lost.
    if (plan.disarm !== undefined) touched.add(plan.disarm);
    return { ...plan, before };
  });
  reportEnded(ports.logger.with({ site, uid }), change.records);
  await disarmAllBut(ports.queue, change.job, touched);
  if (change.deliver) await redeliver(ports, change.job, change.deliver);
  await publishEvents(ports, ...eventsOf(change));
}

async function redeliver(
  { queue, logger }: SyncPorts,
  { site, uid }: Job,
  occurrence: Occurrence,
): Promise<void> {
  const plannedAt = iso(occurrence.plannedAt);
  logger.warn(`Redelivering an overdue occurrence: ${site}/${uid} at ${plannedAt}`, {
    site,
    uid,
    plannedAt,
    code: 'run-redelivered',
  });
  await queue.deliver({ site, uid, ...occurrence });
}

function eventsOf({ job, before, records }: SyncPlan & { readonly before: Job }): Event[] {
  const { site, uid, armedAt } = job;
  const armed = armedAt === undefined ? {} : { armed: iso(armedAt) };
  const synchronised: Event = { type: 'CrontabSynchronisation', detail: { site, uid, ...armed } };
  return [...records.map(finishedEvent), ...(armedAt === before.armedAt ? [] : [synchronised])];
}
