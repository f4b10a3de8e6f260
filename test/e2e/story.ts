/** What a person does to a crontab, from the first cron to the last, and what must be seen of it each time. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { iso } from '../../lib/domain/log.ts';
import type { Timer } from '../../lib/domain/names.ts';
import { note, step } from './report.ts';
import {
  armedTimer,
  BEAT,
  CRONTAB,
  isTold,
  logged,
  noTimer,
  SOON_SECONDS,
  type Stage,
  YEARLY,
} from './stage.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
/** A timer fires up to 10 s late in MiniStack; a run has to start and end. */
const RUN_SECONDS = 30;

/** Creates and edits crons: each has its timer, and an edit moves only its own. */
export async function createAndEdit(stage: Stage): Promise<void> {
  const { console, store } = stage;
  await step('a cron is created in Parameter Store, and its timer stands', async () => {
    const saved = Date.now();
    await console.put(BEAT, { name: 'heartbeat', periodicity: '* * * * *' });
    const { at } = await armedTimer(stage, BEAT, 'the timer of a new cron stands');
    note(`${((Date.now() - saved) / 1000).toFixed(1)} s from saving the parameter to its armed timer`);
    equal(at % MINUTE, 0, 'it is not planned on a whole minute');
    ok(at > saved && at <= Date.now() + MINUTE, `it is planned for ${iso(at)}`);
  });
  const first = await step('a second cron gets its timer too', async () => {
    await console.put(YEARLY, { name: 'heartbeat', periodicity: '0 0 1 1 *' });
    const timer = await armedTimer(stage, YEARLY, 'the timer of the second cron stands');
    equal(iso(timer.at).slice(4), '-01-01T00:00:00Z');
    return timer;
  });
  await step('an edit moves its timer, and no other', async () => {
    await console.put(YEARLY, { name: 'heartbeat', periodicity: '30 6 1 2 *', timezone: 'Europe/Paris' });
    const moved = await until('the timer has moved', SOON_SECONDS, async () => {
      const timer = await armedTimer(stage, YEARLY, 'an edited cron has one timer');
      notEqual(timer.at, first.at);
      return timer;
    });
    equal(iso(moved.at).slice(4), '-02-01T05:30:00Z');
    await armedTimer(stage, BEAT, 'the other cron kept its timer');
    const { cron } = await store.read(YEARLY.site, YEARLY.uid);
    equal(cron?.version, 2);
  });
}

/** Breaks a cron: the last good version stays in force, and the reason is shown where a person looks. */
export async function breakIt({ console, store }: Stage): Promise<void> {
  await step(
    'a broken edit is rejected, with its reasons on the parameter, in the table and on the bus',
    async () => {
      const version = await console.put(BEAT, {
        name: 'heartbeat',
        periodicity: '99 * * * *',
        colour: 'red',
      });
      await until('the version is labelled as rejected', SOON_SECONDS, async () => {
        const labels = (await console.labels(BEAT)).find((each) => each.version === version)?.labels ?? [];
        ok(labels.includes('rejected'), `its labels are: ${labels.join(', ') || 'none'}`);
        ok(
          labels.some((label) => label.startsWith('rejected.periodicity.')),
          `its labels are: ${labels}`,
        );
      });
      await until('the problems are in the table', SOON_SECONDS, async () => {
        const { cron } = await store.read(BEAT.site, BEAT.uid);
        deepEqual(cron?.problems?.map(({ where }) => where).sort(), ['colour', 'periodicity']);
        equal(cron?.version, version);
        equal(cron?.value?.periodicity, '* * * * *', 'the last good version is not in force');
      });
      await until('the rejection is on the bus', SOON_SECONDS, async () => {
        const rejected = (await console.events()).filter(({ type }) => type === 'RejectedParameter');
        deepEqual(
          rejected.map(({ detail }) => [detail.site, detail.uid, detail.version]),
          [[BEAT.site, BEAT.uid, version]],
        );
      });
    },
  );
}

/** Waits for the run that is planned next, and returns its time. */
export async function runWhileBroken(stage: Stage): Promise<number> {
  return step('the last good version runs at its time, and the next timer stands', async () => {
    const { at } = await armedTimer(stage, BEAT, 'the broken cron has its timer');
    const left = Math.ceil((at - Date.now()) / 1000);
    const is = (log: { at: number }) => log.at === at;
    const { log, job } = await logged(stage, BEAT, 'the planned run', left + RUN_SECONDS, is);
    equal(log.status, 'OK');
    ok((log.started ?? 0) >= at, 'it started before its time');
    deepEqual(job.leases, [], 'a run that has ended holds its lease');
    note(`planned for ${iso(at)}, started ${(((log.started ?? 0) - at) / 1000).toFixed(1)} s later`);
    await isTold(stage, BEAT, log);
    const next = await armedTimer(stage, BEAT, 'the next timer stands alone');
    ok(next.at > at, `the next timer is for ${iso(next.at)}`);
    return at;
  });
}

/** Repairs the cron: the marks go, and a forced run has the new settings. */
export async function repair(stage: Stage): Promise<void> {
  const { console, store } = stage;
  await step('a repaired cron is accepted, and its label goes', async () => {
    const environ = { message: 'repaired', warn: 'as asked' };
    await console.put(BEAT, { name: 'heartbeat', periodicity: '* * * * *', environ });
    await until('the repaired version is in force', SOON_SECONDS, async () => {
      const { cron } = await store.read(BEAT.site, BEAT.uid);
      equal(cron?.problems, undefined);
      deepEqual(cron?.value?.environ, environ);
      deepEqual(
        (await console.labels(BEAT)).flatMap(({ labels }) => labels),
        [],
      );
    });
    await armedTimer(stage, BEAT, 'the repaired cron has its timer');
  });
  await step('a forced run runs now, with the new settings, and leaves the schedule alone', async () => {
    const runId = randomUUID();
    await console.invokeRun({ ...BEAT, at: iso(Date.now()), forced: runId });
    const is = (log: { runId?: string }) => log.runId === runId;
    const { log } = await logged(stage, BEAT, 'the forced run', SOON_SECONDS, is);
    equal(log.status, 'WARN');
    deepEqual(log.messages, ['as asked']);
    await isTold(stage, BEAT, log);
    await armedTimer(stage, BEAT, 'the regular timer stands');
  });
}

/** The run after `first` was there, if need be after a while: what was planned since is logged, each time once. */
export async function runAgain(stage: Stage, first: number): Promise<void> {
  await step('the chain goes on: the run of the next minute, with the new settings', async () => {
    const second = first + MINUTE;
    const left = Math.max(0, Math.ceil((second - Date.now()) / 1000));
    const is = (log: { at: number; runId?: string }) => log.at === second;
    const { log, job } = await logged(stage, BEAT, 'the second run', left + RUN_SECONDS, is);
    equal(log.status, 'WARN');
    await isTold(stage, BEAT, log);
    const planned = job.logs.filter(({ id }) => !id.includes('-')).map(({ at }) => at);
    deepEqual(planned, [...new Set(planned)], 'a planned time has two logs');
  });
}

/** Switches the crontab off and on: all timers go, and come back. */
export async function switchOffAndOn(stage: Stage, yearly: Timer): Promise<void> {
  const { console } = stage;
  await step('the crontab is switched off, and no timer is left', async () => {
    await console.put(CRONTAB, { activated: false });
    await until('no timer is left', SOON_SECONDS, async () => deepEqual(await console.timers(), []));
  });
  await step('it is switched on, and every cron has its timer again', async () => {
    await console.put(CRONTAB, { activated: true });
    await armedTimer(stage, BEAT, 'the first cron has its timer again');
    const { at } = await armedTimer(stage, YEARLY, 'the second cron has its timer again');
    equal(at, yearly.at);
  });
}

/** Removes a cron: its timer and job go, the other's stay. */
export async function remove(stage: Stage): Promise<void> {
  const { console, store } = stage;
  await step('a cron is deleted, and its timer and its job are gone', async () => {
    await console.delete(BEAT);
    await noTimer(stage, BEAT);
    await until('its job is gone', SOON_SECONDS, async () => {
      const { job, cron } = await store.read(BEAT.site, BEAT.uid);
      deepEqual([job, cron?.value], [undefined, undefined]);
    });
    await armedTimer(stage, YEARLY, 'the other cron kept its timer');
  });
}
