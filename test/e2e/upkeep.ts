/** What goes on around the crons: the periodic checks, the command line, and the door that is closed. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { LogDump } from '../../lib/domain/log.ts';
import { timerName } from '../../lib/domain/names.ts';
import type { Cloudtab } from './command-line.ts';
import { SHOP } from './profiles.ts';
import { note, step } from './report.ts';
import { armedTimer, BEAT, SOON_SECONDS, type Stage, YEARLY } from './stage.ts';
import { until } from './until.ts';

const DAY = 86_400_000;

/** Loses a timer and adds one that belongs to nobody: the periodic checks mend both. */
export async function mend(stage: Stage): Promise<void> {
  const { console } = stage;
  const timer = await armedTimer(stage, YEARLY, 'the yearly timer stands');
  const stray = timerName({ site: YEARLY.site, uid: 'nobody', at: Date.now() + DAY });
  await step('a timer that was lost comes back with the sweep, and one too many goes', async () => {
    await console.copyTimer(timerName(timer), stray);
    await console.deleteTimer(timerName(timer));
    equal(await console.fire('rate(5 minutes)'), 1);
    const timers = await console.timers();
    ok(!timers.includes(stray), 'a timer that belongs to nobody is still there');
    ok(timers.includes(timerName(timer)), 'the timer that was lost is not there');
  });
  await step('the periodic restore finds nothing to do', async () => {
    equal(await console.fire('rate(1 hour)'), 1);
    deepEqual(await armedTimer(stage, YEARLY, 'the yearly timer stands'), timer);
    await until('the restart is on the bus', SOON_SECONDS, async () => {
      const restarts = (await console.events()).filter(({ type }) => type === 'ServerRestart');
      deepEqual(restarts.map(({ detail }) => detail.sites).at(-1), [YEARLY.site, SHOP]);
    });
  });
}

/** What a person types: the crons are listed, one is run, and its logs are shown. */
export async function useCommandLine(cloudtab: Cloudtab): Promise<void> {
  await step('cloudtab ls, run and logs work on the deployment', async () => {
    const { crons } = await cloudtab('ls');
    deepEqual(
      crons.map(({ uid }: { uid: string }) => uid),
      [BEAT.uid, YEARLY.uid],
    );
    const { log } = await cloudtab('run', YEARLY.uid);
    equal(log.status, 'OK');
    const { logs }: { logs: LogDump[] } = await cloudtab('logs', YEARLY.uid);
    deepEqual(logs, [log]);
    note(`run ${log.runId} of ${YEARLY.uid}: ${log.status}`);
  });
}

/** Nobody gets in without a signature. */
export async function knock({ outputs }: Stage, endpoint: string): Promise<void> {
  await step('the admin URL lets nobody in who does not sign', async () => {
    const [id] = new URL(outputs.adminUrl).hostname.split('.');
    const answer = await fetch(`${endpoint}/_aws/lambda-url/${id}/`);
    equal(answer.status, 403);
  });
}
