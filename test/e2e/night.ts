/** A cron fails at night, and a user finds the cause, stops a run, runs again and undoes a removal, at the terminal and in a browser. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { CONFIRM, DONE } from '../browser/main-path.ts';
import { type Cloudtab, commandLine, terminal } from './command-line.ts';
import { withBrowser } from './dashboard.ts';
import { Deployment } from './deployment.ts';
import type { Emulator } from './emulator.ts';
import { writeProfile } from './profiles.ts';
import { step } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { until } from './until.ts';

const UID = 'backup';
const OTHER = 'report';
const CAUSE = 'no space left on the disk';
const MINUTE = 60_000;
/** The time for a run to start and end: MiniStack fires timers up to 10 s late. */
const RUN_SECONDS = 30;
/** Runs look every five seconds whether they are to stop. */
const STOP_SECONDS = 40;

export async function runNight(emulator: Emulator): Promise<void> {
  const deployment = new Deployment(emulator.folder, { root: 'night', cronMetrics: 'true' });
  await writeProfile(deployment);
  const stack = await step('cdk deploy creates the stack of the night', () => deployment.deploy());
  const cloudtab = commandLine(stack);
  const stage = await openStage(stack);
  const failed = await failAtNight(cloudtab);
  await readMetrics(stage);
  await findCause(cloudtab, failed);
  await clickToCause(stage, emulator);
  await explainOff(cloudtab, stage, emulator);
  await stopAndRunAgain(stack, stage, emulator);
  await undoRemoval(cloudtab, stage, emulator);
  await step('cdk destroy removes the stack of the night', () => deployment.destroy());
}

/** A good run, an edit that breaks the next planned one, and the id of that run. */
async function failAtNight(cloudtab: Cloudtab): Promise<{ readonly id: string; readonly plannedAt: string }> {
  return step('A cron that was edited in the evening fails at its planned time', async () => {
    await cloudtab('add', 'heartbeat', '0 0 1 1 *', '--uid', UID);
    equal((await cloudtab('run', UID)).log.status, 'OK');
    await cloudtab('edit', UID, '--periodicity', '* * * * *', '--set', `fail=${CAUSE}`);
    return until('the planned run has failed', MINUTE / 1000 + RUN_SECONDS, async () => {
      const { runs } = await cloudtab('runs', '--failing', '--since', '-5m');
      const run = runs.find(({ forced }: { forced: boolean }) => !forced);
      ok(run, 'no run has failed yet');
      return run;
    });
  });
}

async function readMetrics({ console, outputs }: Stage): Promise<void> {
  await step('The log of the run function has the metrics of each run of the cron', () =>
    until('the metrics are in the log', RUN_SECONDS, async () => {
      const lines = await console.lines(outputs.runLogGroupName, { site: 'default', uid: UID });
      const metrics = lines.filter(({ _aws }) => _aws !== undefined);
      ok(
        metrics.some(({ OK, Duration, LastSuccess }) => OK === 1 && Duration && LastSuccess),
        'no metrics of a success',
      );
      ok(
        metrics.some((line) => line.FAILURE === 1 && !('LastSuccess' in line)),
        'no metrics of a failure',
      );
    }),
  );
}

async function findCause(
  cloudtab: Cloudtab,
  { id, plannedAt }: { readonly id: string; readonly plannedAt: string },
) {
  await step('why names the failure and the edit before it, and logs prints the output', async () => {
    const why = await cloudtab('why', UID, plannedAt);
    deepEqual([why.verdict, why.logId], ['ran', id]);
    match(why.text, new RegExp(`failed at .*: ${CAUSE}`));
    ok(
      why.facts.some((fact: string) =>
        /^Changed since the last good run, .* definition from version 1 to 2/.test(fact),
      ),
      why.facts.join('\n'),
    );
    await until('the output can be read', RUN_SECONDS, async () => {
      const lines = await cloudtab('logs', UID, '--run', id);
      ok(lines.some(({ message }: { message: string }) => message.includes(CAUSE)));
    });
    await rejects(cloudtab('doctor'), /"code": "failing"/);
  });
  await step('timeline shows the cron that fails first, with a run that failed', async () => {
    const { lanes } = await cloudtab('timeline');
    const [worst] = lanes;
    equal(worst.uid, UID);
    const slot = worst.slots.find(({ result }: { result: string }) => result === 'FAILURE');
    equal((await cloudtab('why', UID, slot.plannedAt)).logId, slot.id);
  });
}

async function clickToCause(stage: Stage, emulator: Emulator): Promise<void> {
  await step('On the dashboard the cause is three clicks from the overview', () =>
    withBrowser(stage, emulator.endpoint, async (ada) => {
      await ada.open('/sites/default');
      await ada.clicks('link', 'nav.more [href*="/runs"]');
      await ada.clicks('link', '.row.is-FAILURE .planned-at a');
      await ada.finds('#messages', CAUSE);
      await ada.clicks('link', '#with [href*="/history#version-"]');
      await ada.finds('.versions > :first-child', 'environ.fail');
    }),
  );
  await step('On the timeline of the overview the failed run is one click away', () =>
    withBrowser(stage, emulator.endpoint, async (ada) => {
      await ada.open('/sites/default');
      await ada.clicks('link', '#timeline a.FAILURE');
      await ada.finds('#messages', CAUSE);
    }),
  );
}

async function explainOff(cloudtab: Cloudtab, stage: Stage, emulator: Emulator): Promise<void> {
  await step('On its page the cron is switched off with a note, which explains the times that follow', () =>
    withBrowser(stage, emulator.endpoint, async (ada) => {
      await ada.open(`/sites/default/crons/${UID}`);
      await ada.page.locator('#switch summary').click();
      await ada.types('note', 'the disk is full');
      await ada.clicks('button', '#title [value="off"]');
      await ada.finds('#title .badge.is-off');
      const soon = new Date(Date.now() + 2 * MINUTE).toISOString();
      await ada.open(`/sites/default/crons/${UID}/why?time=${soon}`);
      await ada.finds('main', 'the disk is full');
      await ada.open(`/sites/default/crons/${UID}`);
      await ada.clicks('button', '#title [value="on"]');
      await ada.misses('#title .badge.is-off');
    }),
  );
  await step('why explains a time that did not run, with who switched the cron off and why', async () => {
    await cloudtab('off', UID, '--note', 'until there is space');
    const why = await cloudtab('why', UID, '+2m');
    equal(why.verdict, 'off');
    match(why.text, /^The cron is off since .*: until there is space\.$/);
    const { off } = await cloudtab('show', UID);
    equal(off.note, 'until there is space');
  });
}

/** Stops one run at the terminal and one in a browser, and runs again in both. */
async function stopAndRunAgain(stack: string, stage: Stage, emulator: Emulator): Promise<void> {
  const cloudtab = commandLine(stack);
  const running = async () => {
    const { runId } = await cloudtab('run', UID, '--no-wait', '--even-off');
    await until('the run is in progress', RUN_SECONDS, async () => {
      const { runs } = await cloudtab('runs', UID, '--status', 'RUNNING');
      deepEqual(
        runs.map((run: { runId: string }) => run.runId),
        [runId],
      );
    });
    return runId;
  };
  const stopped = (runId: string) =>
    until('the run was stopped', STOP_SECONDS, async () => {
      const { runs } = await cloudtab('runs', UID, '--status', 'FAILURE');
      const run = runs.find((one: { runId: string }) => one.runId === runId);
      match(run?.messages[0] ?? '', /[Ss]topped by/);
    });
  await step('stop ends a run in progress, and run runs again after a rollback', async () => {
    await cloudtab('edit', UID, '--set', 'seconds=120');
    const runId = await running();
    equal((await cloudtab('stop', UID)).changed, true);
    await stopped(runId);
    await cloudtab('rollback', UID, '1');
    match(await terminal(stack)('run', UID), / INFO Heartbeat, planned for .*\n✓ OK in \d+ .*\n$/s);
  });
  await step('The page of a run stops it, and runs it again', () =>
    withBrowser(stage, emulator.endpoint, async (ada) => {
      await cloudtab('edit', UID, '--set', 'seconds=120');
      const runId = await running();
      await ada.open('/sites/default/runs?show=running');
      await ada.clicks('link', '.planned-at a');
      await ada.clicks('button', '[value="stop"]');
      await stopped(runId);
      await cloudtab('rollback', UID, '1');
      await ada.clicks('button', '[value="run"]');
      await ada.finds('.is-OK');
    }),
  );
}

async function undoRemoval(cloudtab: Cloudtab, stage: Stage, emulator: Emulator): Promise<void> {
  const definition = async () => {
    const { name, periodicity, environ } = await cloudtab('show', UID);
    return { name, periodicity, environ };
  };
  const before = await definition();
  const { runs } = await cloudtab('runs', UID);
  await step('restore brings a removed cron back with its definition and its runs', async () => {
    await cloudtab('rm', UID);
    await cloudtab('restore', UID);
    deepEqual(await definition(), before);
    deepEqual((await cloudtab('runs', UID)).runs, runs);
  });
  await step('restore brings several removed crons back', async () => {
    await cloudtab('add', 'heartbeat', '@daily', '--uid', OTHER);
    await cloudtab('rm', UID, OTHER);
    deepEqual((await cloudtab('restore', UID, OTHER)).done, [UID, OTHER]);
    deepEqual(await definition(), before);
  });
  await step('Undo on the page brings a removed cron back', () =>
    withBrowser(stage, emulator.endpoint, async (ada) => {
      await ada.open(`/sites/default/crons/${UID}`);
      await ada.clicks('button', '#title [value="delete"]');
      await ada.clicks('button', CONFIRM);
      await ada.clicks('button', '#flash button');
      await ada.finds(DONE, UID);
      deepEqual(await definition(), before);
    }),
  );
  await step('Undo on the list brings several removed crons back', () =>
    withBrowser(stage, emulator.endpoint, async (ada) => {
      await ada.open('/sites/default');
      for (const uid of [UID, OTHER]) await ada.ticks(`#pick-${uid}`);
      await ada.clicks('button', '.bulk [value="delete"]');
      await ada.clicks('button', CONFIRM);
      await ada.finds(DONE, /\b2\b/);
      await ada.clicks('button', '#flash [value="undo-delete"]');
      await ada.finds(DONE, 'Restored 2 crons.');
      deepEqual(await definition(), before);
    }),
  );
}
