/** The crons of the story, and the assertions about them that most of its files share. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { makeDynamo } from '../../lib/adapters/aws/clients.ts';
import { type DeploymentOutputs, readDeployment } from '../../lib/adapters/aws/deployment-outputs.ts';
import { DynamoStore } from '../../lib/adapters/aws/dynamo-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { iso } from '../../lib/core/domain/iso.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import { dumpLog, type Log, logOf } from '../../lib/core/domain/log.ts';
import { type ParameterKey, parseTimerName, type Timer } from '../../lib/core/domain/names.ts';
import type { Store } from '../../lib/core/ports/store.ts';
import { Console } from './console.ts';
import { until } from './until.ts';

export type CronKey = Required<ParameterKey>;

const SITE = 'default';

/** The parameter of the crontab. */
export const CRONTAB: ParameterKey = { site: SITE };
/** The cron that the story edits; it runs each minute. */
export const BEAT: CronKey = { site: SITE, uid: 'beat' };
/** A cron that runs once a year, so that its timer shows the side effects of changes to other crons. */
export const YEARLY: CronKey = { site: SITE, uid: 'yearly' };
/** The cron for the injected faults; it runs each minute. */
export const FRAGILE: CronKey = { site: SITE, uid: 'fragile' };

/** The schedule of the rule that starts the sweep. */
export const SWEEP = 'rate(5 minutes)';

/** The time limit for changes in AWS to become visible. */
export const SOON_SECONDS = 20;

export interface Stage {
  readonly outputs: DeploymentOutputs;
  readonly console: Console;
  /** The adapter of cloudtab on the deployed table. */
  readonly store: Store;
}

/** The stage of a deployment; `root` chooses between several in the stack. */
export async function openStage(stack: string, root?: string): Promise<Stage> {
  const { outputs } = await readDeployment(stack, root);
  const table = outputs.tableName;
  const store = new DynamoStore({ client: makeDynamo(), table, clock: systemClock, retentionDays: 90 });
  return { outputs, console: new Console(outputs), store };
}

/** Waits until the cron has exactly one timer and its job is armed for it, and returns that timer. */
export function armedTimer({ console, store }: Stage, key: CronKey, what: string): Promise<Timer> {
  return until(what, SOON_SECONDS, async () => {
    const timers = await timersOf(console, key);
    equal(timers.length, 1, `${key.uid} has ${timers.length} timers`);
    const { job } = await store.read(key.site, key.uid);
    equal(job?.armedAt, timers[0]?.plannedAt, 'the timer and the armed occurrence have different times');
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

/** The run records of the cron, newest first. */
export async function logsOf(store: Store, { site, uid }: CronKey): Promise<Log[]> {
  return (await store.records(site, uid, { limit: 1_000 })).records.map(logOf);
}

/** Waits for the run record for which `is` returns true, and returns it with the job. */
export function logged(
  { store }: Stage,
  key: CronKey,
  what: string,
  seconds: number,
  is: (log: Log) => boolean,
): Promise<{ readonly log: Log; readonly job: Job }> {
  return until(`${what} has a run record`, seconds, async () => {
    const { job } = await store.read(key.site, key.uid);
    const logs = await logsOf(store, key);
    const log = logs.find(is);
    ok(job && log, `found ${logs.length} other run records`);
    return { log, job };
  });
}

/** Waits until both events of the run are on the bus and its output is in CloudWatch Logs. */
export async function verifyReported({ console, outputs }: Stage, key: CronKey, log: Log): Promise<void> {
  const { site, uid } = key;
  const { runId = '' } = log;
  await until(`the run ${runId} is reported`, SOON_SECONDS, async () => {
    const events = (await console.events()).filter(({ detail }) => detail.uid === uid);
    const start = events.filter(({ type, detail }) => type === 'StartedCronJob' && detail.runId === runId);
    deepEqual(
      start.map(({ source, detail }) => ({ source, plannedAt: detail.plannedAt, name: detail.name })),
      [{ source: 'cloudtab', plannedAt: iso(log.plannedAt), name: 'heartbeat' }],
      'StartedCronJob',
    );
    const ends = events.filter(
      ({ type, detail }) => type === 'FinishedCronJob' && detail.plannedAt === iso(log.plannedAt),
    );
    deepEqual(
      ends.map(({ detail }) => detail.log).filter((each) => (each as Log).runId === runId),
      [JSON.parse(JSON.stringify(dumpLog(log)))],
      'FinishedCronJob',
    );
    const lines = await console.lines(outputs.runLogGroupName, { site, uid, runId });
    ok(
      lines.some(({ message }) => String(message).startsWith('Heartbeat')),
      `none of the ${lines.length} lines of the run in CloudWatch Logs is from the runner`,
    );
  });
}
