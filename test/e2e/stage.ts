/** What the story is about, and the looks at it that most chapters take. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DeploymentOutputs } from '../../lib/aws/deployment-outputs.ts';
import type { Job } from '../../lib/domain/job.ts';
import { dumpLog, iso, type Log } from '../../lib/domain/log.ts';
import { type ParameterKey, parseTimerName, type Timer } from '../../lib/domain/names.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { Console } from './console.ts';
import { until } from './until.ts';

export type CronKey = Required<ParameterKey>;

const SITE = 'default';

/** The crontab's own parameter. */
export const CRONTAB: ParameterKey = { site: SITE };
/** Runs each minute; it is the one that a person works on. */
export const BEAT: CronKey = { site: SITE, uid: 'beat' };
/** Runs once a year, so its timer shows who is touched by what happens to others. */
export const YEARLY: CronKey = { site: SITE, uid: 'yearly' };
/** Runs each minute, and all sorts of accidents happen to it. */
export const FRAGILE: CronKey = { site: SITE, uid: 'fragile' };

/** The schedule of the rule that starts the sweep. */
export const SWEEP = 'rate(5 minutes)';

/** How long what happens in AWS may take until it is seen. */
export const SOON_SECONDS = 20;

export interface Stage {
  readonly outputs: DeploymentOutputs;
  readonly console: Console;
  /** The product's own adapter on the deployed table. */
  readonly store: Store;
}

/** The cron's only timer, when there is exactly one and its job counts on it. */
export function armedTimer({ console, store }: Stage, key: CronKey, what: string): Promise<Timer> {
  return until(what, SOON_SECONDS, async () => {
    const timers = await timersOf(console, key);
    equal(timers.length, 1, `${timers.length} timers of ${key.uid}`);
    const { job } = await store.read(key.site, key.uid);
    equal(job?.armed?.at, timers[0]?.at, 'the job is armed for another time than the timer');
    return timers[0] as Timer;
  });
}

/** Waits until the cron has no timer. */
export function noTimer({ console }: Stage, key: CronKey): Promise<void> {
  return until(`${key.uid} has no timer`, SOON_SECONDS, async () => {
    deepEqual(await timersOf(console, key), []);
  });
}

async function timersOf(console: Console, { site, uid }: CronKey): Promise<Timer[]> {
  const timers = (await console.timers()).map((name) => parseTimerName(name));
  return timers
    .filter((timer) => timer !== undefined)
    .filter((timer) => timer.site === site && timer.uid === uid);
}

/** The log for which `is` holds, as soon as it is there; with the job as it stands then. */
export function logged(
  { store }: Stage,
  key: CronKey,
  what: string,
  seconds: number,
  is: (log: Log) => boolean,
): Promise<{ readonly log: Log; readonly job: Job }> {
  return until(`the log of ${what} is there`, seconds, async () => {
    const { job } = await store.read(key.site, key.uid);
    const log = job?.logs.find(is);
    ok(job && log, `${job?.logs.length ?? 0} other logs`);
    return { log, job };
  });
}

/** Holds when a person finds the run wherever a run is told of: both events on the bus, and its lines. */
export async function isTold({ console, outputs }: Stage, key: CronKey, log: Log): Promise<void> {
  const { site, uid } = key;
  const { runId = '' } = log;
  await until(`the run ${runId} is told of`, SOON_SECONDS, async () => {
    const events = (await console.events()).filter(({ detail }) => detail.uid === uid);
    const start = events.filter(({ type, detail }) => type === 'StartedCronJob' && detail.runId === runId);
    deepEqual(
      start.map(({ source, detail }) => ({ source, at: detail.at, name: detail.name })),
      [{ source: 'cloudtab', at: iso(log.at), name: 'heartbeat' }],
      'StartedCronJob',
    );
    const ends = events.filter(({ type, detail }) => type === 'FinishedCronJob' && detail.at === iso(log.at));
    deepEqual(
      ends.map(({ detail }) => detail.log).filter((each) => (each as Log).runId === runId),
      [JSON.parse(JSON.stringify(dumpLog(log)))],
      'FinishedCronJob',
    );
    const lines = await console.lines(outputs.runLogGroupName, { site, uid, runId });
    ok(
      lines.some(({ message }) => String(message).startsWith('Heartbeat')),
      `${lines.length} lines of the run in CloudWatch Logs, none of them the runner's`,
    );
  });
}
