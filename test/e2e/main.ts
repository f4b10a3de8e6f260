/**
 * cloudtab from end to end, on an AWS that we did not write: MiniStack, an emulator from PyPI. Deploys with the real
 * CDK, does what a person does in the console, waits for real runs, does it harm, and destroys it all. It takes about
 * four minutes, works in .e2e/ and a temporary folder, and leaves nothing else behind.
 *
 * It ends with 0 when all went well, 1 when something did not, 3 when this machine cannot run the emulator (no
 * Python), 130 when it was stopped.
 */
import { deepEqual } from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { makeDynamo } from '../../lib/aws/clients.ts';
import { readOutputs } from '../../lib/aws/deployment-outputs.ts';
import { DynamoStore } from '../../lib/aws/dynamo-store.ts';
import { systemClock } from '../../lib/system/clock.ts';
import { systemRandom } from '../../lib/system/random.ts';
import { commandLine } from './command-line.ts';
import { Console } from './console.ts';
import { checkContracts } from './contracts.ts';
import { BY_HAND, useDashboard } from './dashboard.ts';
import { Deployment } from './deployment.ts';
import { Emulator } from './emulator.ts';
import { harm, isExpiredLease } from './faults.ts';
import { callDoctor } from './operator.ts';
import { REGION } from './places.ts';
import { applyFile, deployProfile, SHOP, writeProfile } from './profiles.ts';
import { NoEmulatorError } from './python.ts';
import { elapsed, step } from './report.ts';
import { type Stage, YEARLY } from './stage.ts';
import { stopping } from './stopping.ts';
import { breakIt, createAndEdit, remove, repair, runAgain, runWhileBroken, switchOffAndOn } from './story.ts';
import { knock, mend, useCommandLine } from './upkeep.ts';

const EXIT = { failed: 1, noEmulator: 3, stopped: 130 } as const;

const USAGE = `npm run e2e -- [options]
  --crons N      how many crons a file has that is applied (40)`;

const { values } = parseArgs({
  options: { crons: { type: 'string', default: '40' }, help: { type: 'boolean', default: false } },
});
const crons = Number(values.crons);

async function main(): Promise<void> {
  const emulator = await step('MiniStack starts', () => Emulator.start());
  try {
    useEmulator(emulator);
    await tell(new Deployment(emulator.folder), emulator);
  } catch (error) {
    if (!stopping.aborted)
      console.error(`\nWhat the emulator complained of:\n${await emulator.complaints()}\n`);
    throw error;
  } finally {
    await emulator.stop();
  }
}

async function tell(deployment: Deployment, emulator: Emulator): Promise<void> {
  await step('cdk bootstrap', () => deployment.bootstrap());
  await writeProfile(deployment);
  const stack = await step('cdk deploy', () => deployment.deploy());
  const cloudtab = commandLine(stack);
  const outputs = await readOutputs(stack);
  const store = new DynamoStore({
    client: makeDynamo(),
    table: outputs.tableName,
    clock: systemClock,
    random: systemRandom,
  });
  const stage: Stage = { outputs, console: new Console(outputs), store };
  await stage.console.subscribe();
  await createAndEdit(stage);
  await breakIt(stage);
  // The run that is planned next comes within a minute: time for something else.
  await step('the AWS adapters keep the contracts of their ports', () => checkContracts());
  await knock(stage, emulator.endpoint);
  const first = await runWhileBroken(stage);
  await repair(stage);
  await useCommandLine(cloudtab);
  await deployProfile(stage, deployment, cloudtab);
  await applyFile(stage, emulator.folder, cloudtab, crons);
  await useDashboard(stage, emulator.endpoint);
  await callDoctor(stack, cloudtab);
  await mend(stage);
  const yearly = await harm(stage, emulator);
  await runAgain(stage, first);
  await switchOffAndOn(stage, yearly);
  await remove(stage);
  await step(
    'nothing else went wrong unseen: no dead letter, no error in any log, nothing told twice',
    async () => {
      deepEqual(await stage.console.deadLetters(), []);
      const errors = await stage.console.errors();
      deepEqual(
        errors.filter((line) => !isExpiredLease(line)),
        [],
      );
      // A cron may be armed for the same time again and again, and one restart is like another; all other events name
      // what happens once.
      const often = ['CrontabSynchronisation', 'ServerRestart'];
      // What is changed in the dashboard or by the command is projected there at once, and by the registry function as
      // soon as it hears of it: when they meet, both tell.
      const events = (await stage.console.events()).filter(
        ({ type, detail }) => !often.includes(type) && detail.uid !== BY_HAND && detail.site !== SHOP,
      );
      const told = events.map((event) => JSON.stringify(event));
      deepEqual(
        told.filter((event, index) => told.indexOf(event) < index),
        [],
      );
    },
  );
  await step('cdk destroy: no timer is left, the parameters are', async () => {
    await deployment.destroy();
    deepEqual(await stage.console.allSchedules(), []);
    deepEqual(
      (await stage.console.labels(YEARLY)).map(({ version }) => version),
      [1, 2, 3],
    );
  });
}

/** Whoever makes a client of the SDK from now on, in this process or one that it starts, reaches the emulator. */
function useEmulator({ endpoint }: Emulator): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}

if (values.help) console.log(USAGE);
else await tellAll();

async function tellAll(): Promise<void> {
  try {
    await main();
    console.log(`\nAll of it went well, in ${elapsed()}.`);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says why it ended, and returns the exit code for that. */
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
