/** Edits of a crontab in Parameter Store, from its first cron to the removal, with the expected effects of each. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { iso } from '../../lib/core/domain/iso.ts';
import type { Timer } from '../../lib/core/domain/names.ts';
import { note, step } from './report.ts';
import {
  armedTimer,
  BEAT,
  CRONTAB,
  logged,
  logsOf,
  noTimer,
  SOON_SECONDS,
  type Stage,
  verifyReported,
  YEARLY,
} from './stage.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
/** The time for a run to start and end: MiniStack fires timers up to 10 s late. */
const RUN_SECONDS = 30;

/** Creates and edits crons: each gets its timer, and an edit replaces only the timer of its cron. */
export async function createAndEdit(stage: Stage): Promise<void> {
  const { console, store } = stage;
  await step('A cron that is created in Parameter Store gets its timer', async () => {
    const saved = Date.now();
    await console.put(BEAT, { name: 'heartbeat', periodicity: '* * * * *' });
    const { plannedAt } = await armedTimer(stage, BEAT, 'the new cron has its timer');
    note(`${((Date.now() - saved) / 1000).toFixed(1)} s from the PutParameter call to the armed timer`);
    equal(plannedAt % MINUTE, 0, 'the occurrence is not on a whole minute');
    ok(
      plannedAt > saved && plannedAt <= Date.now() + MINUTE,
      `the occurrence is planned for ${iso(plannedAt)}`,
    );
  });
  const first = await step('A second cron gets its timer', async () => {
    await console.put(YEARLY, { name: 'heartbeat', periodicity: '0 0 1 1 *' });
    const timer = await armedTimer(stage, YEARLY, 'the second cron has its timer');
    equal(iso(timer.plannedAt).slice(4), '-01-01T00:00:00Z');
    return timer;
  });
  await step('An edit replaces the timer of its cron and no other timer', async () => {
    await console.put(YEARLY, { name: 'heartbeat', periodicity: '30 6 1 2 *', timezone: 'Europe/Paris' });
    const moved = await until('the timer is replaced', SOON_SECONDS, async () => {
      const timer = await armedTimer(stage, YEARLY, 'the edited cron has one timer');
      notEqual(timer.plannedAt, first.plannedAt);
      return timer;
    });
    equal(iso(moved.plannedAt).slice(4), '-02-01T05:30:00Z');
    await armedTimer(stage, BEAT, 'the other cron has kept its timer');
    const { cron } = await store.read(YEARLY.site, YEARLY.uid);
    equal(cron?.version, 2);
  });
}

/** Makes a cron invalid: the last good version stays in force, and the reason is reported wherever a user looks. */
export async function rejectEdit({ console, store }: Stage): Promise<void> {
  await step(
    'An invalid edit is rejected, and the parameter, the table and the bus report the reasons',
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
      await until('the bus has the event of the rejection', SOON_SECONDS, async () => {
        const rejected = (await console.events()).filter(({ type }) => type === 'RejectedParameter');
        deepEqual(
          rejected.map(({ detail }) => [detail.site, detail.uid, detail.version]),
          [[BEAT.site, BEAT.uid, version]],
        );
      });
    },
  );
}

/** Waits for the next run, and returns its planned time. */
export async function runWhileBroken(stage: Stage): Promise<number> {
  return step('The last good version runs at its planned time, and the next timer is armed', async () => {
    const { plannedAt } = await armedTimer(stage, BEAT, 'the invalid cron has its timer');
    const left = Math.ceil((plannedAt - Date.now()) / 1000);
    const is = (log: { plannedAt: number }) => log.plannedAt === plannedAt;
    const { log, job } = await logged(stage, BEAT, 'the planned run', left + RUN_SECONDS, is);
    equal(log.status, 'OK');
    ok((log.startedAt ?? 0) >= plannedAt, 'the run started before its planned time');
    deepEqual(job.leases, [], 'a run that has ended still holds its lease');
    note(
      `planned for ${iso(plannedAt)}, started ${(((log.startedAt ?? 0) - plannedAt) / 1000).toFixed(1)} s later`,
    );
    await verifyReported(stage, BEAT, log);
    const next = await armedTimer(stage, BEAT, 'the cron has only its next timer');
    ok(next.plannedAt > plannedAt, `the next timer is for ${iso(next.plannedAt)}`);
    return plannedAt;
  });
}

/** Fixes the cron: the labels are removed, and a forced run has the new settings. */
export async function repair(stage: Stage): Promise<void> {
  const { console, store } = stage;
  await step('A fixed cron is accepted, and its label is removed', async () => {
    const environ = { message: 'repaired', warn: 'as asked' };
    await console.put(BEAT, { name: 'heartbeat', periodicity: '* * * * *', environ });
    await until('the fixed version is in force', SOON_SECONDS, async () => {
      const { cron } = await store.read(BEAT.site, BEAT.uid);
      equal(cron?.problems, undefined);
      deepEqual(cron?.value?.environ, environ);
      deepEqual(
        (await console.labels(BEAT)).flatMap(({ labels }) => labels),
        [],
      );
    });
    await armedTimer(stage, BEAT, 'the fixed cron has its timer');
  });
  await step('A forced run starts at once with the new settings and leaves the timer as it is', async () => {
    const runId = randomUUID();
    await console.invokeRun({ ...BEAT, plannedAt: iso(Date.now()), forced: runId });
    const is = (log: { runId?: string }) => log.runId === runId;
    const { log } = await logged(stage, BEAT, 'the forced run', SOON_SECONDS, is);
    equal(log.status, 'WARN');
    deepEqual(log.messages, ['as asked']);
    await verifyReported(stage, BEAT, log);
    await armedTimer(stage, BEAT, 'the cron has its regular timer');
  });
}

/** Verifies the run after `first`, for which it waits if necessary, and that each occurrence has one run record. */
export async function runAgain(stage: Stage, first: number): Promise<void> {
  await step(
    'The run of the next minute has the new settings, and each occurrence has one run record',
    async () => {
      const second = first + MINUTE;
      const left = Math.max(0, Math.ceil((second - Date.now()) / 1000));
      const is = (log: { plannedAt: number; runId?: string }) => log.plannedAt === second;
      const { log } = await logged(stage, BEAT, 'the second run', left + RUN_SECONDS, is);
      equal(log.status, 'WARN');
      await verifyReported(stage, BEAT, log);
      const logs = await logsOf(stage.store, BEAT);
      const planned = logs.filter(({ id }) => !id.includes('-')).map(({ plannedAt }) => plannedAt);
      deepEqual(planned, [...new Set(planned)], 'an occurrence has two run records');
    },
  );
}

/** Switches the crontab off and on: all timers are removed and created again. */
export async function switchOffAndOn(stage: Stage, yearly: Timer): Promise<void> {
  const { console } = stage;
  await step('A crontab that is switched off has no timers', async () => {
    await console.put(CRONTAB, { activated: false });
    await until('the crontab has no timers', SOON_SECONDS, async () => deepEqual(await console.timers(), []));
  });
  await step('A crontab that is switched on has a timer for every cron', async () => {
    await console.put(CRONTAB, { activated: true });
    await armedTimer(stage, BEAT, 'the first cron has its timer again');
    const { plannedAt } = await armedTimer(stage, YEARLY, 'the second cron has its timer again');
    equal(plannedAt, yearly.plannedAt);
  });
}

/** Removes a cron: its timer is removed and its job closed, and those of the other cron stay. */
export async function remove(stage: Stage): Promise<void> {
  const { console, store } = stage;
  await step('A cron that is deleted loses its timer, and its job is closed', async () => {
    await console.delete(BEAT);
    await noTimer(stage, BEAT);
    await until('its job is closed', SOON_SECONDS, async () => {
      const { job, cron } = await store.read(BEAT.site, BEAT.uid);
      ok(job?.closedAt !== undefined && cron?.removedAt !== undefined, 'the job or the cron is still open');
      equal(job.armedAt, undefined);
    });
    await armedTimer(stage, YEARLY, 'the other cron has kept its timer');
  });
}
