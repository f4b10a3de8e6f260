/**
 * The end-to-end test of cloudtab on MiniStack, an AWS emulator from PyPI. It deploys with the real CDK, acts as a user
 * of the console, waits for real runs, injects faults and destroys the stack. It takes about eleven minutes and writes
 * only to .e2e/ and a temporary folder.
 *
 * Exit codes: 0 when every step passed, 1 when a step failed, 3 when this machine cannot run the emulator (no Python),
 * 130 when the test was stopped.
 */
import { deepEqual } from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { packedProject } from '../package/packed-project.ts';
import { commandLine } from './command-line.ts';
import { checkContracts } from './contracts.ts';
import { BY_HAND, useDashboard } from './dashboard.ts';
import { bootstrap, Deployment } from './deployment.ts';
import { Emulator } from './emulator.ts';
import { injectFaults, isExpiredLease } from './faults.ts';
import { runNight } from './night.ts';
import { callDoctor } from './operator.ts';
import { runOwnStack } from './own-stack.ts';
import { deployPacked } from './packed.ts';
import { REGION } from './places.ts';
import { applyFile, deployProfile, SHOP, writeProfile } from './profiles.ts';
import { NoEmulatorError } from './python.ts';
import { elapsed, step } from './report.ts';
import { runRoles } from './roles.ts';
import { openStage, YEARLY } from './stage.ts';
import { stopping } from './stopping.ts';
import {
  createAndEdit,
  rejectEdit,
  remove,
  repair,
  runAgain,
  runWhileBroken,
  switchOffAndOn,
} from './story.ts';
import { callUnsigned, repairTimers, useCommandLine } from './upkeep.ts';

const EXIT = { failed: 1, noEmulator: 3, stopped: 130 } as const;

const USAGE = `npm run e2e -- [options]
  --crons N      number of crons in the profile that the test applies (40)
  --only NAME    one of its stories: app (the stack of the project's app), own-stack (a stack of a user's own),
                 night (a failure and its cause), roles (callers of the URL), packed (a new project with the packed package)`;

const { values } = parseArgs({
  options: {
    crons: { type: 'string', default: '40' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const { only } = values;
const crons = Number(values.crons);

async function main(): Promise<void> {
  const emulator = await step('MiniStack starts and answers', () => Emulator.start());
  try {
    await useEmulator(emulator);
    await step('cdk bootstrap prepares the account', () => bootstrap(emulator.folder));
    const isChosen = (story: string) => only === undefined || only === story;
    const project = isChosen('packed') ? packedProject(emulator.folder) : undefined;
    // It is made meanwhile. The last story awaits it and reports its failure.
    project?.catch(() => undefined);
    if (isChosen('app')) await runStory(new Deployment(emulator.folder), emulator);
    if (isChosen('own-stack')) await runOwnStack(emulator);
    if (isChosen('night')) await runNight(emulator);
    if (isChosen('roles')) await runRoles(emulator);
    if (project) await deployPacked(project);
  } catch (error) {
    if (!stopping.aborted)
      console.error(`\nWarnings and errors of the emulator:\n${await emulator.complaints()}\n`);
    throw error;
  } finally {
    await emulator.stop();
  }
}

async function runStory(deployment: Deployment, emulator: Emulator): Promise<void> {
  await writeProfile(deployment);
  const stack = await step('cdk deploy creates the stack', () => deployment.deploy());
  const cloudtab = commandLine(stack);
  const stage = await openStage(stack);
  await stage.console.subscribe();
  await createAndEdit(stage);
  await rejectEdit(stage);
  // The next run starts within a minute; these steps use that time.
  await step('The AWS adapters keep the contracts of their ports', () => checkContracts());
  await callUnsigned(stage, emulator.endpoint);
  const first = await runWhileBroken(stage);
  await repair(stage);
  await useCommandLine(cloudtab);
  await deployProfile(stage, deployment, cloudtab);
  await applyFile(stage, emulator.folder, cloudtab, crons);
  await useDashboard(stage, emulator.endpoint);
  await callDoctor(stack, cloudtab);
  await repairTimers(stage);
  const yearly = await injectFaults(stage, emulator);
  await runAgain(stage, first);
  await switchOffAndOn(stage, yearly);
  await remove(stage);
  await step(
    'The deployment has no dead letter, logged no other error and published no event twice',
    async () => {
      deepEqual(await stage.console.deadLetters(), []);
      const errors = await stage.console.errors();
      deepEqual(
        errors.filter((line) => !isExpiredLease(line)),
        [],
      );
      // A cron may be armed for the same time repeatedly, and resyncs publish equal events. All other events are unique.
      const repeatable = ['CrontabSynchronisation', 'ServerRestart'];
      // The dashboard and the command project their edits themselves, and the registry function projects them again:
      // when both do so at the same time, both publish the event.
      const events = (await stage.console.events()).filter(
        ({ type, detail }) => !repeatable.includes(type) && detail.uid !== BY_HAND && detail.site !== SHOP,
      );
      const texts = events.map((event) => JSON.stringify(event));
      deepEqual(
        texts.filter((event, index) => texts.indexOf(event) < index),
        [],
      );
    },
  );
  await step('cdk destroy removes all timers and keeps the parameters', async () => {
    await deployment.destroy();
    deepEqual(await stage.console.allSchedules(), []);
    deepEqual(
      (await stage.console.labels(YEARLY)).map(({ version }) => version),
      [1, 2, 3],
    );
  });
}

/** Directs all later clients of the SDK, and requests to function URLs, to the emulator, in this process and its children. */
async function useEmulator({ endpoint }: Emulator): Promise<void> {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    NODE_OPTIONS: `--import=${new URL('./function-urls.ts', import.meta.url)}`,
  });
  await import('./function-urls.ts');
}

if (values.help) console.log(USAGE);
else await runAndReport();

async function runAndReport(): Promise<void> {
  try {
    await main();
    console.log(`\nAll steps passed in ${elapsed()}.`);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Prints why the test failed, and returns its exit code. */
function report(error: unknown): number {
  if (stopping.aborted) {
    console.error(String(stopping.reason));
    return EXIT.stopped;
  }
  if (error instanceof NoEmulatorError) {
    console.error(error.message);
    return EXIT.noEmulator;
  }
  console.error(error);
  return EXIT.failed;
}
