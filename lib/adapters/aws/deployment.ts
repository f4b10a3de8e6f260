/**
 * The ports of a deployment: adapters on the resources that a Lambda's environment names. A function for each set of
 * ports, so that a bundle carries only what it uses.
 */

import type { Grant } from '../../core/domain/access.ts';
import type { RunnerCheck } from '../../core/domain/cron-schema.ts';
import type { ParameterKey, Timer } from '../../core/domain/names.ts';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';
import type { ProjectPorts } from '../../core/engine/project-parameter.ts';
import type { ResyncPorts } from '../../core/engine/resync.ts';
import type { RunPorts } from '../../core/engine/run.ts';
import type { AccessList } from '../../core/ports/access.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { RunnerCatalogue } from '../../core/ports/runner-catalogue.ts';
import { catalogueOf } from '../../runners/published-runners.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { sendHeartbeat } from '../../runners/send-heartbeat.ts';
import { RunnerTable } from '../../runners/table.ts';
import { childPrograms } from '../child-programs.ts';
import { printingToRun } from '../run-console.ts';
import { systemClock } from '../system-clock.ts';
import { systemRandom } from '../system-random.ts';
import { systemResolver } from '../system-resolver.ts';
import {
  makeDynamo,
  makeEventBridge,
  makeInvoker,
  makeLambda,
  makeScheduler,
  makeSsm,
  makeSsmForLists,
  makeSts,
} from './clients.ts';
import { CronMetrics } from './cron-metrics.ts';
import { DynamoAccess, writeGrants } from './dynamo-access.ts';
import { DynamoCatalogue, publishCatalogue } from './dynamo-catalogue.ts';
import { DynamoLimits, expireLimits, writeLimits } from './dynamo-limits.ts';
import { DynamoProfileHashes } from './dynamo-profile-hashes.ts';
import { DynamoStore, requireFormat } from './dynamo-store.ts';
import { DynamoTable } from './dynamo-table.ts';
import type { BasicSettings, LambdaEnvironment, LambdaEnvironmentOf } from './environment.ts';
import { EventBus } from './event-bus.ts';
import { LambdaFunctions } from './lambda-functions.ts';
import { ParameterRegistry } from './parameter-registry.ts';
import { invokeResync } from './resync-function.ts';
import { invokeRun } from './run-function.ts';
import { SchedulerQueue } from './scheduler-queue.ts';
import { ssmSecretNames } from './ssm-secret-names.ts';
import { SsmSecrets } from './ssm-secrets.ts';
import { StsIdentity } from './sts-identity.ts';

/** A page that shows the names of secrets waits no longer for them, and is shown without. */
const SECRET_NAMES_MS = 3_000;

type StoreSettings = Pick<LambdaEnvironment, 'tableName' | 'retentionDays'>;

function storeOf({ tableName, retentionDays }: StoreSettings): DynamoStore {
  return new DynamoStore({ client: makeDynamo(), table: tableName, clock: systemClock, retentionDays });
}

function tableOf(name: string): DynamoTable {
  return new DynamoTable(makeDynamo(), name, systemClock);
}

export function projectPorts(settings: BasicSettings, runners: RunnerCheck, logger: Logger): ProjectPorts {
  const { root } = settings;
  return {
    registry: new ParameterRegistry({ client: makeSsm(), root, clock: systemClock }),
    store: storeOf(settings),
    events: busOf(settings),
    clock: systemClock,
    logger,
    runners,
  };
}

/** The ports of sync, sweep and resync. */
export function resyncPorts(
  settings: BasicSettings & QueueSettings,
  runners: RunnerCheck,
  logger: Logger,
): ResyncPorts {
  return { ...projectPorts(settings, runners, logger), queue: queueOf(settings), random: systemRandom };
}

/** What the runners of the deployment may reach, once they are loaded. */
export function deployedLimits({
  tableName,
  limitsId,
}: Pick<LambdaEnvironment, 'tableName' | 'limitsId'>): DynamoLimits {
  return new DynamoLimits(tableOf(tableName), limitsId);
}

/** The ports that write what runners may reach. `owner` names the resource of the deployment that it belongs to. */
export function limitsPorts(settings: StoreSettings, logger: Logger, owner: string) {
  const table = tableOf(settings.tableName);
  return {
    clock: systemClock,
    logger,
    requireFormat: () => requireFormat(table),
    write: (limits: LimitsBySite) => writeLimits(table, limits, owner),
    expire: (id: string) => expireLimits(table, id, systemClock),
  };
}

/** Requests the URL of the external monitor, which the deployment keeps as a secret. */
export function heartbeatOf(
  { root, targetOption: option }: Pick<LambdaEnvironment, 'root' | 'targetOption'>,
  logger: Logger,
): () => Promise<void> {
  const secrets = new SsmSecrets(makeSsm(), root, option);
  const ports = { secrets, clock: systemClock, resolve: systemResolver, logger, option };
  return () => sendHeartbeat(ports, new AbortController().signal);
}

/** The same ports; the end of each occurrence is counted by cron if the deployment wants it. */
export function measured<Ports extends Pick<ProjectPorts, 'events' | 'logger'>>(
  { root, cronMetrics }: Pick<LambdaEnvironment, 'root' | 'cronMetrics'>,
  ports: Ports,
): Ports {
  if (!cronMetrics) return ports;
  const { events, logger } = ports;
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  return { ...ports, events: new CronMetrics({ events, logger, namespace: `cloudtab/${root}`, write }) };
}

export function setupPorts(
  settings: LambdaEnvironmentOf<'setup'> & Pick<LambdaEnvironment, 'limitsId'> & { syncFunctionName: string },
  own: Readonly<Record<string, RunnerClass>>,
  logger: Logger,
) {
  const table = tableOf(settings.tableName);
  const limits = deployedLimits(settings);
  const runners = new RunnerTable(own, limits);
  const functions = new LambdaFunctions(makeInvoker());
  return {
    ...projectPorts(settings, runners, logger),
    runners,
    random: systemRandom,
    hashes: new DynamoProfileHashes(table),
    access: { replace: (grants: readonly Grant[]) => writeGrants(table, grants) },
    requireFormat: () => requireFormat(table),
    async publishCatalogue() {
      const { codeVersion } = settings;
      await limits.load();
      await publishCatalogue(table, { ...catalogueOf(runners.describe(), limits), codeVersion });
    },
    resync: (waitMs: number) => invokeResync(functions, systemClock, settings.syncFunctionName, waitMs),
    by: 'a profile of the deployment',
  };
}

/** The ports of the operations on crontabs. */
export function operationPorts(
  settings: Omit<LambdaEnvironmentOf<'admin'>, 'runLogGroupName' | 'targetOption' | 'version'>,
  runners: RunnerCatalogue,
  logger: Logger,
): OperationPorts {
  const lambda = makeLambda();
  const secrets = { client: makeSsmForLists(), root: settings.root };
  return {
    ...projectPorts(settings, runners, logger),
    queue: { deliver: (delivery) => invokeRun(lambda, settings.runFunctionArn, delivery) },
    secretNames: (site) => ssmSecretNames(secrets, site, AbortSignal.timeout(SECRET_NAMES_MS)),
    random: systemRandom,
    runners,
  };
}

/** Who may do what, as the setup of the deployment has written it. */
export function accessOf({ tableName }: Pick<LambdaEnvironment, 'tableName'>): AccessList {
  return new DynamoAccess(tableOf(tableName), systemClock);
}

/** The catalogue that the setup of the deployment has published. */
export function publishedCatalogue({ tableName }: Pick<LambdaEnvironment, 'tableName'>): DynamoCatalogue {
  return new DynamoCatalogue(tableOf(tableName));
}

/** The timers that exist, of all crons or of one. */
export function timersOf(settings: QueueSettings, of?: Required<ParameterKey>): AsyncIterable<Timer> {
  return queueOf(settings).timers(of);
}

/** The ports of a run. `runFunctionArn` is the run Lambda's own. */
export function runPorts(
  settings: LambdaEnvironmentOf<'run'> & Pick<LambdaEnvironment, 'runFunctionArn'>,
  runners: RunnerTable,
  logger: Logger,
): RunPorts {
  return {
    store: storeOf(settings),
    queue: queueOf(settings),
    events: busOf(settings),
    clock: systemClock,
    random: systemRandom,
    logger,
    runners: printingToRun(
      runners.withTools({
        clock: systemClock,
        fetch: globalThis.fetch,
        resolve: systemResolver,
        functions: new LambdaFunctions(makeInvoker()),
        identity: new StsIdentity(makeSts()),
        programs: childPrograms,
      }),
    ),
    secrets: new SsmSecrets(makeSsm(), settings.root, settings.targetOption),
    codeVersion: settings.codeVersion,
    sweepEveryMs: settings.sweepEverySeconds * 1000,
    endProcess: () => process.exit(1),
  };
}

function busOf({ busName, events }: Pick<LambdaEnvironment, 'busName' | 'events'>): EventBus {
  return new EventBus({ client: makeEventBridge(), bus: busName, events, clock: systemClock });
}

type QueueSettings = Pick<
  LambdaEnvironment,
  'groupName' | 'runFunctionArn' | 'schedulerRoleArn' | 'deadLetterQueueArn'
>;

function queueOf(settings: QueueSettings): SchedulerQueue {
  const { groupName, runFunctionArn, schedulerRoleArn, deadLetterQueueArn } = settings;
  return new SchedulerQueue({
    scheduler: makeScheduler(),
    lambda: makeLambda(),
    clock: systemClock,
    group: groupName,
    functionArn: runFunctionArn,
    roleArn: schedulerRoleArn,
    deadLetterArn: deadLetterQueueArn,
  });
}
