/**
 * What must not happen, and does: deliveries come twice, a process dies in the middle of a run, a timer disappears, a
 * change of a parameter is not told. Each is done to the deployment from outside, and seen to heal.
 */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lease } from '../../lib/domain/job.ts';
import { iso, type Log } from '../../lib/domain/log.ts';
import { type Timer, timerName } from '../../lib/domain/names.ts';
import type { Emulator } from './emulator.ts';
import { note, step } from './report.ts';
import {
  armedTimer,
  BEAT,
  FRAGILE,
  logged,
  noTimer,
  SOON_SECONDS,
  type Stage,
  SWEEP,
  YEARLY,
} from './stage.ts';
import { stopping } from './stopping.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
/** A timer fires up to 10 s late in MiniStack; a run has to start and end. */
const RUN_SECONDS = 30;
/** What a cron's creation, the loss of its timer and the sweep take on a busy machine. */
const MEND_SECONDS = 20;
/** Longer than the test. */
const LONG = 240;

/** What comes next shall not depend on when the dead run is found. */
const EVERY_MINUTE = { name: 'heartbeat', periodicity: '* * * * *', overlap: 'allow' };
const RESTORE = 'rate(1 hour)';

/** Does all of it, and accounts for every planned time at the end. Returns the timer of the yearly cron, which was edited. */
export async function harm(stage: Stage, emulator: Emulator): Promise<Timer> {
  const lost = await loseTimer(stage);
  // The timer that came back fires within a minute: time for something else.
  const yearly = await withholdEdit(stage, emulator);
  const lease = await deliverTwice(stage, lost);
  await killRun(stage, emulator, lease);
  await goOn(stage, lost);
  await account(stage, lost.at);
  await withholdRemoval(stage, emulator);
  return yearly;
}

/** Deletes the timer of the coming minute; the sweep makes it again before it is missed. Returns it. */
async function loseTimer(stage: Stage): Promise<Timer> {
  const { console } = stage;
  return step('a timer is deleted behind the back of the system, and the sweep makes it again', async () => {
    await untilSecond(60 - MEND_SECONDS);
    await console.put(FRAGILE, { ...EVERY_MINUTE, environ: { seconds: LONG } });
    const timer = await armedTimer(stage, FRAGILE, 'its timer stands');
    await console.deleteTimer(timerName(timer));
    ok(!(await console.timers()).includes(timerName(timer)), 'the timer was not deleted');
    equal(await console.fire(SWEEP), 1);
    deepEqual(await armedTimer(stage, FRAGILE, 'its timer stands again'), timer);
    return timer;
  });
}

/** Waits for the next minute when this one is past that second. */
async function untilSecond(last: number): Promise<void> {
  const passed = Date.now() % MINUTE;
  if (passed > last * 1000) await pause(MINUTE - passed, undefined, { signal: stopping });
}

/** The delivery of a timer comes three times, two of them at once. Returns the lease of the run that goes on. */
async function deliverTwice(stage: Stage, { at }: Timer): Promise<Lease> {
  const { console, store } = stage;
  return step('its delivery comes three times when it fires: one run starts', async () => {
    await pause(Math.max(0, at - Date.now()), undefined, { signal: stopping });
    const delivery = { ...FRAGILE, at: iso(at) };
    await Promise.all([console.invokeRun(delivery), console.invokeRun(delivery)]);
    const lease = await until('the run has begun', RUN_SECONDS, async () => {
      const { job } = await store.read(FRAGILE.site, FRAGILE.uid);
      const [held] = job?.leases ?? [];
      ok(held, 'no run holds a lease');
      equal(held.at, at);
      return held;
    });
    await until('the other deliveries were dropped', RUN_SECONDS, async () =>
      equal(await dropped(stage, at), 2),
    );
    return lease;
  });
}

/** How many deliveries of that time found nothing to do. */
async function dropped({ console, outputs }: Stage, at: number): Promise<number> {
  const fields = { uid: FRAGILE.uid, at: iso(at), code: 'delivery-ignored' };
  return (await console.lines(outputs.runLogGroupName, fields)).length;
}

/** Kills the process of the run: it is recorded, not repeated, and the chain goes on. */
async function killRun(stage: Stage, emulator: Emulator, lease: Lease): Promise<void> {
  const { console, store, outputs } = stage;
  const { at, runId } = lease;
  await step('the run is killed: whatever is delivered again, it is not repeated', async () => {
    // For the runs that follow: these shall end.
    await console.put(FRAGILE, EVERY_MINUTE);
    await until('the edit is in force', SOON_SECONDS, async () => {
      const { cron } = await store.read(FRAGILE.site, FRAGILE.uid);
      equal(cron?.version, 2);
    });
    // Its process may be that of the other cron, whose turn it was in the same minute.
    await logged(stage, BEAT, 'the other run of this minute', RUN_SECONDS, (log) => log.at === at);
    note(`killed ${await emulator.killFunction(outputs.runFunctionName)} process(es) of the run function`);
    await until('Lambda has delivered it again, in vain', SOON_SECONDS, async () => {
      equal(await dropped(stage, at), 3);
    });
    await armedTimer(stage, FRAGILE, 'the next timer stands, as it did before the run began');
  });
  await step('the sweep records the dead run when its lease has expired', async () => {
    await expire(stage, runId);
    equal(await console.fire(SWEEP), 1);
    const { log, job } = await logged(stage, FRAGILE, 'the dead run', SOON_SECONDS, (one) => one.at === at);
    equal(log.status, 'FAILURE');
    ok(log.messages[0]?.includes('its process died or was stopped'), `it says: ${log.messages}`);
    equal(log.runId, runId);
    ok(!job.leases.some((held) => held.runId === runId), 'the dead run holds its lease');
    await until('it is told of on the bus, and counted', SOON_SECONDS, async () => {
      const ends = (await console.events()).filter(
        ({ type, detail }) => type === 'FinishedCronJob' && (detail.log as Log).runId === runId,
      );
      deepEqual(
        ends.map(({ detail }) => (detail.log as Log).status),
        ['FAILURE'],
      );
      // The line that the alarm counts, of whoever found it first: a delivery does what the sweep does.
      equal((await console.errors()).filter(isExpiredLease).length, 1);
    });
  });
}

/** A lease ends with the Lambda's time, 15 minutes after its start: nobody wants to wait that long in a test. */
async function expire({ store }: Stage, runId: string): Promise<void> {
  await until('the lease has expired', SOON_SECONDS, async () => {
    const { job } = await store.read(FRAGILE.site, FRAGILE.uid);
    ok(job, 'the job is gone');
    const leases = job.leases.map((held) => (held.runId === runId ? { ...held, expires: Date.now() } : held));
    ok(await store.saveJob({ ...job, leases }), 'somebody else was faster');
  });
}

/** Whether that line says that a lease expired: the only error of the whole story. */
export function isExpiredLease(line: string): boolean {
  return line.includes('"code":"lease-expired"') && line.includes(`"uid":"${FRAGILE.uid}"`);
}

/** The run of the minute after. */
async function goOn(stage: Stage, { at }: Timer): Promise<void> {
  await step('the chain goes on: the run of the next minute', async () => {
    const second = at + MINUTE;
    const left = Math.max(0, Math.ceil((second - Date.now()) / 1000));
    const { log } = await logged(stage, FRAGILE, 'the run', left + RUN_SECONDS, (one) => one.at === second);
    equal(log.status, 'OK');
    await armedTimer(stage, FRAGILE, 'the next timer stands alone');
  });
}

/** A change that nobody hears of stays without effect until the next restore. */
async function withholdEdit(stage: Stage, emulator: Emulator): Promise<Timer> {
  const { console, store } = stage;
  return step('an edit whose event gets lost takes effect with the periodic restore', async () => {
    const before = await armedTimer(stage, YEARLY, 'the yearly timer stands');
    const version = await emulator.withhold(() =>
      console.put(YEARLY, { name: 'heartbeat', periodicity: '0 12 24 12 *' }),
    );
    notEqual((await store.read(YEARLY.site, YEARLY.uid)).cron?.version, version, 'somebody heard of it');
    deepEqual(await armedTimer(stage, YEARLY, 'the old timer stands'), before);
    equal(await console.fire(RESTORE), 1);
    const after = await armedTimer(stage, YEARLY, 'the timer has moved');
    equal(iso(after.at).slice(4), '-12-24T12:00:00Z');
    return after;
  });
}

/** Also a removal: its timer would go on waking for a cron that is gone. */
async function withholdRemoval(stage: Stage, emulator: Emulator): Promise<void> {
  const { console } = stage;
  await step('so does the removal of a cron', async () => {
    await emulator.withhold(() => console.delete(FRAGILE));
    await armedTimer(stage, FRAGILE, 'its timer stands');
    equal(await console.fire(RESTORE), 1);
    await noTimer(stage, FRAGILE);
  });
}

/** Every minute since `first` has one record, and was begun at most once. */
async function account(stage: Stage, first: number): Promise<void> {
  const { console, store } = stage;
  await step('no planned time was lost by any of this, and none ran twice', async () => {
    const { job } = await store.read(FRAGILE.site, FRAGILE.uid);
    const next = job?.armed?.at ?? 0;
    const planned = Array.from({ length: (next - first) / MINUTE }, (_, index) => first + index * MINUTE);
    const logs = (job?.logs ?? []).toSorted((one, other) => one.at - other.at);
    deepEqual(logs.flatMap(times).map(iso), planned.map(iso));
    const begun = (await console.events())
      .filter(({ type, detail }) => type === 'StartedCronJob' && detail.uid === FRAGILE.uid)
      .map(({ detail }) => String(detail.at));
    deepEqual(begun.toSorted(), [...new Set(begun)].toSorted(), 'a planned time was begun twice');
    note(logs.map(({ at, status }) => `${iso(at).slice(11, 16)} ${status}`).join(', '));
  });
}

/** The planned times for which a log stands. */
function times({ at, covers }: Log): number[] {
  if (!covers) return [at];
  return Array.from({ length: covers.count }, (_, index) => covers.from + index * MINUTE);
}
