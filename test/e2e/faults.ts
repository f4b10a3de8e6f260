/**
 * Fault injection: a lost timer, repeated deliveries, a process that dies during a run, lost events of parameters. Each
 * fault is injected from outside of the deployment, which has to recover.
 */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { iso } from '../../lib/core/domain/iso.ts';
import type { Lease } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import { type Timer, timerName } from '../../lib/core/domain/names.ts';
import type { Emulator } from './emulator.ts';
import { note, step } from './report.ts';
import {
  armedTimer,
  BEAT,
  FRAGILE,
  logged,
  logsOf,
  noTimer,
  SOON_SECONDS,
  type Stage,
  SWEEP,
  YEARLY,
} from './stage.ts';
import { stopping } from './stopping.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
/** The time for a run to start and end: MiniStack fires timers up to 10 s late. */
const RUN_SECONDS = 30;
/** The time for creating a cron, deleting its timer and one sweep on a busy machine. */
const REPAIR_SECONDS = 20;
/** The duration of the run that is killed, in seconds: longer than the test. */
const LONG = 240;

/** With this overlap policy, later runs do not depend on when the sweep finds the dead run. */
const EVERY_MINUTE = { name: 'heartbeat', periodicity: '* * * * *', overlap: 'allow' };
/** The schedule of the rule that starts the resync. */
const RESYNC = 'rate(1 hour)';

/** Injects all faults, then verifies every occurrence. Returns the timer of the yearly cron, which one fault edits. */
export async function injectFaults(stage: Stage, emulator: Emulator): Promise<Timer> {
  const lost = await loseTimer(stage);
  // The timer fires within a minute; this step uses that time.
  const yearly = await withholdEdit(stage, emulator);
  const lease = await deliverTwice(stage, lost);
  await killRun(stage, emulator, lease);
  await verifyNextRun(stage, lost);
  await verifyOccurrences(stage, lost.plannedAt);
  await withholdRemoval(stage, emulator);
  return yearly;
}

/** Deletes the timer of the next minute; the sweep creates it again before it is due. Returns that timer. */
async function loseTimer(stage: Stage): Promise<Timer> {
  const { console } = stage;
  return step('The sweep creates a deleted timer again', async () => {
    await untilSecond(60 - REPAIR_SECONDS);
    await console.put(FRAGILE, { ...EVERY_MINUTE, environ: { seconds: LONG } });
    const timer = await armedTimer(stage, FRAGILE, 'the fragile cron has its timer');
    await console.deleteTimer(timerName(timer));
    ok(!(await console.timers()).includes(timerName(timer)), 'the timer was not deleted');
    equal(await console.fire(SWEEP), 1);
    deepEqual(await armedTimer(stage, FRAGILE, 'the fragile cron has its timer again'), timer);
    return timer;
  });
}

/** Waits for the next minute when the current one is past that second. */
async function untilSecond(last: number): Promise<void> {
  const passed = Date.now() % MINUTE;
  if (passed > last * 1000) await pause(MINUTE - passed, undefined, { signal: stopping });
}

/** Sends two concurrent copies of the delivery of a timer. Returns the lease of the run, which continues. */
async function deliverTwice(stage: Stage, { plannedAt }: Timer): Promise<Lease> {
  const { console, store } = stage;
  return step('One run starts when an occurrence is delivered three times', async () => {
    await pause(Math.max(0, plannedAt - Date.now()), undefined, { signal: stopping });
    const delivery = { ...FRAGILE, plannedAt: iso(plannedAt) };
    await Promise.all([console.invokeRun(delivery), console.invokeRun(delivery)]);
    const lease = await until('the run has started', RUN_SECONDS, async () => {
      const { job } = await store.read(FRAGILE.site, FRAGILE.uid);
      const [held] = job?.leases ?? [];
      ok(held, 'no run holds a lease');
      equal(held.plannedAt, plannedAt);
      return held;
    });
    await until('the other deliveries are ignored', RUN_SECONDS, async () =>
      equal(await countIgnored(stage, plannedAt), 2),
    );
    return lease;
  });
}

/** The number of deliveries of that occurrence that were ignored. */
async function countIgnored({ console, outputs }: Stage, plannedAt: number): Promise<number> {
  const fields = { uid: FRAGILE.uid, plannedAt: iso(plannedAt), code: 'delivery-ignored' };
  return (await console.lines(outputs.runLogGroupName, fields)).length;
}

/** Kills the process of the run: the run is recorded and not repeated. */
async function killRun(stage: Stage, emulator: Emulator, lease: Lease): Promise<void> {
  const { console, store, outputs } = stage;
  const { plannedAt, runId } = lease;
  await step('A killed run is not repeated when Lambda delivers its occurrence again', async () => {
    // Later runs have to end.
    await console.put(FRAGILE, EVERY_MINUTE);
    await until('the edit is in force', SOON_SECONDS, async () => {
      const { cron } = await store.read(FRAGILE.site, FRAGILE.uid);
      equal(cron?.version, 2);
    });
    // The same process may execute the run of the other cron in this minute.
    await logged(stage, BEAT, 'the run of the other cron', RUN_SECONDS, (log) => log.plannedAt === plannedAt);
    note(`killed ${await emulator.killFunction(outputs.runFunctionName)} process(es) of the run function`);
    await until('the repeated delivery of Lambda is ignored', SOON_SECONDS, async () => {
      equal(await countIgnored(stage, plannedAt), 3);
    });
    await armedTimer(stage, FRAGILE, 'the fragile cron has its next timer');
  });
  await step('The sweep records the dead run after its lease has expired', async () => {
    await expire(stage, runId);
    equal(await console.fire(SWEEP), 1);
    const { log, job } = await logged(
      stage,
      FRAGILE,
      'the dead run',
      SOON_SECONDS,
      (one) => one.plannedAt === plannedAt,
    );
    equal(log.status, 'FAILURE');
    equal(log.reason, 'died');
    equal(log.runId, runId);
    ok(!job.leases.some((held) => held.runId === runId), 'the dead run still holds its lease');
    await until('the dead run is on the bus and in the log', SOON_SECONDS, async () => {
      const ends = (await console.events()).filter(
        ({ type, detail }) => type === 'FinishedCronJob' && (detail.log as Log).runId === runId,
      );
      deepEqual(
        ends.map(({ detail }) => (detail.log as Log).status),
        ['FAILURE'],
      );
      // Either the sweep or a delivery finds the dead run and writes the line that the alarm counts.
      equal((await console.errors()).filter(isExpiredLease).length, 1);
    });
  });
}

/** Lets the lease of the run expire, which would otherwise take the 15 minutes of the Lambda's timeout. */
async function expire({ store }: Stage, runId: string): Promise<void> {
  await until('the lease has expired', SOON_SECONDS, async () => {
    const { job } = await store.read(FRAGILE.site, FRAGILE.uid);
    ok(job, 'the job does not exist');
    const leases = job.leases.map((held) =>
      held.runId === runId ? { ...held, expiresAt: Date.now() } : held,
    );
    const expired = { ...job, leases, token: systemRandom.id() };
    ok(await store.commit(expired, job.token, []), 'another writer committed the job first');
  });
}

/** Whether the line reports the expired lease, which is the only expected error. */
export function isExpiredLease(line: string): boolean {
  return line.includes('"code":"lease-expired"') && line.includes(`"uid":"${FRAGILE.uid}"`);
}

/** Verifies the run of the following minute. */
async function verifyNextRun(stage: Stage, { plannedAt }: Timer): Promise<void> {
  await step('The cron with the killed run runs in the next minute', async () => {
    const second = plannedAt + MINUTE;
    const left = Math.max(0, Math.ceil((second - Date.now()) / 1000));
    const { log } = await logged(
      stage,
      FRAGILE,
      'the next run',
      left + RUN_SECONDS,
      (one) => one.plannedAt === second,
    );
    equal(log.status, 'OK');
    await armedTimer(stage, FRAGILE, 'the fragile cron has only its next timer');
  });
}

/** Edits a cron and withholds the event: the edit takes effect at the next resync. */
async function withholdEdit(stage: Stage, emulator: Emulator): Promise<Timer> {
  const { console, store } = stage;
  return step('An edit whose event is lost takes effect at the periodic resync', async () => {
    const before = await armedTimer(stage, YEARLY, 'the yearly cron has its timer');
    const version = await emulator.withhold(() =>
      console.put(YEARLY, { name: 'heartbeat', periodicity: '0 12 24 12 *' }),
    );
    notEqual(
      (await store.read(YEARLY.site, YEARLY.uid)).cron?.version,
      version,
      'the edit was projected although its event was withheld',
    );
    deepEqual(await armedTimer(stage, YEARLY, 'the yearly cron has its old timer'), before);
    equal(await console.fire(RESYNC), 1);
    const after = await armedTimer(stage, YEARLY, 'the yearly cron has its new timer');
    equal(iso(after.plannedAt).slice(4), '-12-24T12:00:00Z');
    return after;
  });
}

/** Removes a cron and withholds the event: its timer is removed at the next resync. */
async function withholdRemoval(stage: Stage, emulator: Emulator): Promise<void> {
  const { console } = stage;
  await step('A removal whose event is lost takes effect at the periodic resync', async () => {
    await emulator.withhold(() => console.delete(FRAGILE));
    await armedTimer(stage, FRAGILE, 'the fragile cron has its timer');
    equal(await console.fire(RESYNC), 1);
    await noTimer(stage, FRAGILE);
  });
}

/** Verifies that every minute since `first` has one run record and was started at most once. */
async function verifyOccurrences(stage: Stage, first: number): Promise<void> {
  const { console, store } = stage;
  await step('No occurrence was lost and none ran twice despite the faults', async () => {
    const { job } = await store.read(FRAGILE.site, FRAGILE.uid);
    const next = job?.armedAt ?? 0;
    const planned = Array.from({ length: (next - first) / MINUTE }, (_, index) => first + index * MINUTE);
    const logs = (await logsOf(store, FRAGILE)).toSorted((one, other) => one.plannedAt - other.plannedAt);
    deepEqual(logs.flatMap(times).map(iso), planned.map(iso));
    const starts = (await console.events())
      .filter(({ type, detail }) => type === 'StartedCronJob' && detail.uid === FRAGILE.uid)
      .map(({ detail }) => String(detail.plannedAt));
    deepEqual(starts.toSorted(), [...new Set(starts)].toSorted(), 'an occurrence was started twice');
    note(logs.map(({ plannedAt, status }) => `${iso(plannedAt).slice(11, 16)} ${status}`).join(', '));
  });
}

/** The planned times that a run record covers. */
function times({ plannedAt, covers }: Log): number[] {
  if (!covers) return [plannedAt];
  return Array.from({ length: covers.count }, (_, index) => covers.from + index * MINUTE);
}
