/**
 * A stack of a user's own that embeds two deployments: the tools on it, a second stack of one root, an upgrade during a run,
 * and a table that a second stack takes over.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Lease } from '../../lib/core/domain/job.ts';
import { openStack } from '../../lib/index.ts';
import { CommandError } from './command.ts';
import { commandLine } from './command-line.ts';
import type { Emulator } from './emulator.ts';
import { NIGHT, useApi, useEveryCommand } from './every-command.ts';
import { isExpiredLease } from './faults.ts';
import { OwnApp } from './own-app.ts';
import { releaseRuns, startedTimes } from './patient-runner.ts';
import { note, step } from './report.ts';
import { armedTimer, type CronKey, logged, logsOf, openStage, type Stage } from './stage.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
/** The time for a run to start and end: MiniStack fires timers up to 10 s late. */
const RUN_SECONDS = 30;

/** Runs each minute until it is released. */
const PATIENT: CronKey = { site: 'default', uid: 'patient' };
/** A cron that a program adds to the first deployment; it runs once a year. */
const DAY: CronKey = { site: 'default', uid: 'day' };

export async function runOwnStack(emulator: Emulator): Promise<void> {
  const { folder, endpoint } = emulator;
  const app = await step('cdk deploy creates a stack with two embedded deployments', async () => {
    const app = await OwnApp.synthesize({ folder, code: 1 });
    await app.deploy('Shop');
    return app;
  });
  const shop = await openStage('Shop', 'Shop');
  const nightly = await openStage('Shop', 'nightly');
  const cron = { name: 'patient', periodicity: '* * * * *', overlap: 'allow' };
  await shop.console.put(PATIENT, cron);
  // The first run starts within a minute; these steps use that time.
  await refuseTwin(app);
  await useEveryCommand(emulator, app.runners);
  await useApi(nightly, endpoint);
  await useProgram();
  await compareNeighbours(shop, nightly, app);
  const upgraded = await upgradeDuringRun(shop, folder);
  await reportNoError(shop, nightly);
  await inherit(shop, upgraded);
}

/** Deploys a second stack with the root of the first one. */
async function refuseTwin(app: OwnApp): Promise<void> {
  await step(
    'A second stack with the same root fails to deploy, and the error contains the root',
    async () => {
      await rejects(app.deploy('Twin'), (error: unknown) => {
        ok(error instanceof CommandError, String(error));
        match(error.message, /already exists.*cloudtab-Shop|cloudtab-Shop.*already exists/);
        return true;
      });
    },
  );
}

/** Adds a cron to the first deployment and runs it. */
async function useProgram(): Promise<void> {
  await step(
    'openStack adds a cron to the deployment that its option root chooses, runs it, and reads its output',
    async () => {
      await using crontabs = await openStack('Shop', { root: 'Shop' });
      deepEqual(await crontabs.sites(), ['default']);
      const crontab = await crontabs.load();
      crontab.add({ uid: DAY.uid, name: 'heartbeat', periodicity: '0 0 3 3 *' });
      await crontab.save();
      const job = crontab.job(DAY.uid);
      const forced = await job.force();
      const { status } = await forced.finished();
      equal(status, 'OK');
      equal((await job.logs()).length, 1);
      await until('the output of the run can be read', RUN_SECONDS, async () => {
        const { lines, address } = await job.output(forced.logId);
        ok(
          lines.some(({ message }) => message.startsWith('Heartbeat')),
          'no line of the runner',
        );
        ok(address?.includes('log-group'), 'no address');
      });
    },
  );
}

/** Compares the crons and the timers of both deployments. */
async function compareNeighbours(shop: Stage, nightly: Stage, { runners }: OwnApp): Promise<void> {
  await step('Deployments of different roots have their own crons and timers', async () => {
    for (const key of [PATIENT, DAY]) await armedTimer(shop, key, `${key.uid} has its timer`);
    await armedTimer(nightly, NIGHT, `${NIGHT.uid} has its timer`);
    const timers = [...(await shop.console.timers()), ...(await nightly.console.timers())];
    deepEqual(timers.map((name) => name.split('.')[1]).sort(), [DAY.uid, NIGHT.uid, PATIENT.uid]);
    const { crons } = await commandLine('Shop', { root: 'Shop', runners })('ls');
    deepEqual(
      crons.map(({ uid }: { uid: string }) => uid),
      [DAY.uid, PATIENT.uid],
    );
  });
}

/** Deploys other code while a run is in flight. Returns the deployed app. */
async function upgradeDuringRun(shop: Stage, folder: string): Promise<OwnApp> {
  const { store } = shop;
  // Made while the test waits for the run.
  const synthesis = streamOf(shop.outputs.tableName).then((tableStreamArn) =>
    OwnApp.synthesize({ folder, code: 2, tableStreamArn }),
  );
  const run = step('A cron of an embedded deployment runs at its planned time', () =>
    until('the run has started', MINUTE / 1000 + RUN_SECONDS, () => firstLease(shop)),
  );
  const [app, held] = await Promise.all([synthesis, run]);
  await step('A deployment of other code leaves a run in flight alone', async () => {
    await app.deploy('Shop');
    deepEqual(await firstLease(shop), held);
  });
  await step('The run in flight ends with the code that it started with', async () => {
    releaseRuns(folder);
    const is = ({ runId }: { runId?: string }) => runId === held.runId;
    const { log } = await logged(shop, PATIENT, 'the run in flight', RUN_SECONDS, is);
    deepEqual([log.plannedAt, log.messages], [held.plannedAt, ['code 1']]);
  });
  await step('Each occurrence before, during and after the deployment ran once and has one record', () =>
    until('all runs have ended', RUN_SECONDS, async () => {
      const { job } = await store.read(PATIENT.site, PATIENT.uid);
      const count = ((job?.armedAt ?? 0) - held.plannedAt) / MINUTE;
      const planned = Array.from({ length: count }, (_, index) => held.plannedAt + index * MINUTE);
      deepEqual((await logsOf(store, PATIENT)).map(({ plannedAt }) => plannedAt).sort(), planned);
      deepEqual(startedTimes(folder).sort(), planned);
      note(`occurrences: ${count}`);
    }),
  );
  await step('A run after the deployment has the other code', async () => {
    const cloudtab = commandLine('Shop', { root: 'Shop', runners: app.runners });
    deepEqual((await cloudtab('run', PATIENT.uid)).log.messages, ['code 2']);
  });
  return app;
}

/** The lease of the earliest run that is in progress. Throws AssertionError when there is none. */
async function firstLease({ store }: Stage): Promise<Lease> {
  const { job } = await store.read(PATIENT.site, PATIENT.uid);
  const [first] = (job?.leases ?? []).toSorted((one, other) => one.plannedAt - other.plannedAt);
  ok(first, 'no run holds a lease');
  return first;
}

async function streamOf(TableName: string): Promise<string> {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName }));
  return Table?.LatestStreamArn ?? '';
}

async function reportNoError(...stages: readonly Stage[]): Promise<void> {
  await step('No embedded deployment has a dead letter, and none logged an error', async () => {
    for (const { console } of stages) {
      deepEqual(await console.deadLetters(), []);
      deepEqual(
        (await console.errors()).filter((line) => !isExpiredLease(line)),
        [],
      );
    }
  });
}

/** Destroys the stack and deploys another one with its root and its table. */
async function inherit(shop: Stage, app: OwnApp): Promise<void> {
  const before = await step('cdk destroy removes the timers of both deployments', async () => {
    await app.destroy('Shop');
    deepEqual(await shop.console.allSchedules(), []);
    return logsOf(shop.store, PATIENT);
  });
  await step(
    'A deployment takes over the kept table, and arms the crons of the kept parameters',
    async () => {
      await app.deploy('Heir');
      const heir = await openStage('Heir');
      equal(heir.outputs.tableName, shop.outputs.tableName);
      await armedTimer(heir, DAY, 'the cron is armed again');
    },
  );
  await step('Run records of the destroyed deployment are among those of the new one', async () => {
    const cloudtab = commandLine('Heir', { runners: app.runners });
    const { log } = await cloudtab('run', PATIENT.uid);
    deepEqual(log.messages, ['code 2']);
    const { logs } = await cloudtab('show', PATIENT.uid);
    const runs = logs.map(({ runId }: { runId: string }) => runId);
    deepEqual(
      [...before.map(({ runId }) => runId), log.runId].filter((runId) => !runs.includes(runId)),
      [],
    );
  });
}
