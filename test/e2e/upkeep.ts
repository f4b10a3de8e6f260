/** The periodic sweep and resync, the command line, and the protection of the admin URL. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { LogDump } from '../../lib/core/domain/log.ts';
import { timerName } from '../../lib/core/domain/names.ts';
import type { Cloudtab } from './command-line.ts';
import { SHOP } from './profiles.ts';
import { note, step } from './report.ts';
import { armedTimer, BEAT, SOON_SECONDS, type Stage, YEARLY } from './stage.ts';
import { until } from './until.ts';

const DAY = 86_400_000;

/** Deletes a timer and adds one without a job: the sweep repairs both. */
export async function repairTimers(stage: Stage): Promise<void> {
  const { console } = stage;
  const timer = await armedTimer(stage, YEARLY, 'the yearly cron has its timer');
  const surplus = timerName({ site: YEARLY.site, uid: 'no-such-cron', plannedAt: Date.now() + DAY });
  await step('The sweep creates a lost timer again and removes a surplus timer', async () => {
    await console.copyTimer(timerName(timer), surplus);
    await console.deleteTimer(timerName(timer));
    equal(await console.fire('rate(5 minutes)'), 1);
    const timers = await console.timers();
    ok(!timers.includes(surplus), 'the surplus timer still exists');
    ok(timers.includes(timerName(timer)), 'the lost timer does not exist');
  });
  await step('The periodic resync changes no timer and publishes a ServerRestart event', async () => {
    equal(await console.fire('rate(1 hour)'), 1);
    deepEqual(await armedTimer(stage, YEARLY, 'the yearly cron has its timer'), timer);
    await until('the bus has the ServerRestart event', SOON_SECONDS, async () => {
      const restarts = (await console.events()).filter(({ type }) => type === 'ServerRestart');
      deepEqual(restarts.map(({ detail }) => detail.sites).at(-1), [YEARLY.site, SHOP]);
    });
  });
}

/** Lists the crons with the command, runs one and shows its run records. */
export async function useCommandLine(cloudtab: Cloudtab): Promise<void> {
  await step('The commands cloudtab ls, run and show work on the deployment', async () => {
    const { crons } = await cloudtab('ls');
    deepEqual(
      crons.map(({ uid }: { uid: string }) => uid),
      [BEAT.uid, YEARLY.uid],
    );
    const { log } = await cloudtab('run', YEARLY.uid);
    equal(log.status, 'OK');
    const { logs }: { logs: LogDump[] } = await cloudtab('show', YEARLY.uid);
    deepEqual(logs, [log]);
    note(`run ${log.runId} of ${YEARLY.uid}: ${log.status}`);
  });
}

/** Calls the admin URL without a signature. */
export async function callUnsigned({ outputs }: Stage, endpoint: string): Promise<void> {
  await step('The admin URL rejects a request without a signature', async () => {
    const [id] = new URL(outputs.adminUrl).hostname.split('.');
    const answer = await fetch(`${endpoint}/_aws/lambda-url/${id}/`);
    equal(answer.status, 403);
  });
}
