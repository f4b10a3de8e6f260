/**
 * A whole deployment: table, bus, timers, dead-letter queue, the five Lambdas, metrics, alarms, and the stack outputs by
 * which commands and programs find them. Put it into a stack of your own to change its parts with the methods of the CDK:
 *
 *     const cloudtab = new Cloudtab(this, 'Cloudtab', { limits: { '*': { allowedFunctions: ['reports-*'] } } });
 *     bucket.grantRead(cloudtab.runFunction);
 */
import { resolve } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus, type IRuleTarget, type Rule } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LambdaName } from '../../adapters/aws/environment.ts';
import { PROFILES_FILE } from '../../adapters/aws/profiles-file.ts';
import { FORMAT } from '../../adapters/aws/table.ts';
import { profilesText } from '../../app/profiles/deployed-profiles.ts';
import type { Role } from '../../core/domain/access.ts';
import { Access, principalOf } from './access.ts';
import { AdminFunction } from './admin-function.ts';
import { Alarms } from './alarms.ts';
import { type CloudtabProps, withDefaults } from './cloudtab-props.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { Deployment } from './deployment.ts';
import { addOutputs } from './deployment-outputs.ts';
import { grantKeyToServices } from './encryption.ts';
import { failureRule } from './failure-rule.ts';
import { type LambdaFiles, lambdaCode, runCodeVersion } from './lambda-code.ts';
import { Limits } from './limits.ts';
import { Metrics } from './metrics.ts';
import { Parameters } from './parameters.ts';
import { deployedProfiles } from './profile-files.ts';
import { RegistryFunction } from './registry-function.ts';
import { RunFunction } from './run-function.ts';
import { SetupFunction } from './setup-function.ts';
import { StateTable } from './state-table.ts';
import { SyncFunction } from './sync-function.ts';
import { Timers } from './timers.ts';

export class Cloudtab extends Construct {
  /** The first level of the parameter names. */
  readonly root: string;
  /** Holds definitions, jobs and run records. */
  readonly table: ITable;
  /** Receives an event for each run and each change, which rules can subscribe to. */
  readonly bus: IEventBus;
  /** The schedule group of the timers, `timers.group`, and the role that they assume, `timers.role`. */
  readonly timers: Timers;
  /** Keeps the events and deliveries that could not be handled. */
  readonly deadLetterQueue: DeadLetterQueue;
  /** Validates edits. */
  readonly registryFunction: RegistryFunction;
  /** Runs the crons: its role needs the permissions of the runners. */
  readonly runFunction: RunFunction;
  /** Makes timers, sweeps and resyncs. */
  readonly syncFunction: SyncFunction;
  /** Serves the dashboard and the API. */
  readonly adminFunction: AdminFunction;
  /** Runs at the beginning and at the end of each deployment. */
  readonly setupFunction: SetupFunction;
  /** The metrics of the deployment, for dashboards and alarms of your own. */
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  /** The KMS key with which `cloudtab secret set` encrypts: that of the deployment, or the one of AWS for parameters. */
  readonly secretKeyId: string;
  readonly #access: Access;

  constructor(scope: Construct, id: string, props: CloudtabProps = {}) {
    super(scope, id);
    const others = this.#othersInStack();
    const { root, removalPolicy, logRetention, recordRetention, sweepEvery, alarmTopics, ...choices } =
      withDefaults(
        props,
        Stack.of(this).stackName,
        others.map((other) => other.root),
      );
    this.root = root;
    const { encryptionKey, tableStreamArn: streamArn } = choices;
    if (encryptionKey) grantKeyToServices(encryptionKey, this);
    this.secretKeyId = encryptionKey?.keyArn ?? 'alias/aws/ssm';
    // A new format gets a new table: nothing is converted, and an update may change only one index of a table.
    const table = new StateTable(this, `Table${FORMAT}`, { streamArn, encryptionKey, removalPolicy });
    this.table = table.table;
    // Two deployments of one root would run every cron twice: with this name the second one cannot be deployed.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `cloudtab-${root}`,
      description: 'cloudtab: runs, and changes of crontabs',
      ...(encryptionKey && { kmsKey: encryptionKey }),
    });
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', encryptionKey);
    const { bus, deadLetterQueue: deadLetters } = this;
    this.timers = new Timers(this, 'Timers', { deadLetters, encryptionKey });
    const { timers } = this;
    const parameters = new Parameters(this, 'Parameters', { root });

    const retentions = { recordRetention, logRetention, removalPolicy, encryptionKey };
    const { events, limits, cronMetrics } = choices;
    const basicProps = { table, parameters, bus, events, ...retentions };
    const runners = resolve(choices.runners);
    const code = (lambda: LambdaName, files: LambdaFiles = {}) =>
      lambdaCode(this, { lambda, runners, files });
    const codeVersion = runCodeVersion(this, runners);
    const profiles = deployedProfiles(this, choices.profiles);
    const hasProfiles = Object.keys(profiles).length > 0;
    this.setupFunction = new SetupFunction(this, 'Setup', {
      ...basicProps,
      code: code('setup', hasProfiles ? { [PROFILES_FILE]: profilesText(profiles) } : {}),
      codeVersion,
      hasProfiles,
      timezone: choices.timezone,
    });
    const { setupFunction: setup } = this;
    const { limitsId } = new Limits(this, 'Limits', { setup, table, limits });
    const commonProps = { ...basicProps, limitsId };
    this.registryFunction = new RegistryFunction(this, 'Registry', {
      ...commonProps,
      code: code('registry'),
      deadLetters,
    });
    this.runFunction = new RunFunction(this, 'Run', {
      ...commonProps,
      code: code('run'),
      limits,
      cronMetrics,
      timers,
      deadLetters,
      concurrency: choices.runConcurrency,
      sweepEvery,
      codeVersion,
    });
    const { registryFunction: registry, runFunction: run } = this;
    this.syncFunction = new SyncFunction(this, 'Sync', {
      ...commonProps,
      code: code('sync'),
      timers,
      run,
      deadLetters,
      sweepEvery,
      resyncEvery: choices.resyncEvery,
      cronMetrics,
      heartbeat: choices.heartbeat,
    });
    this.adminFunction = new AdminFunction(this, 'Admin', { ...commonProps, code: code('admin'), run });
    const { syncFunction: sync, adminFunction: admin } = this;
    const sites = [...choices.sites, ...Object.keys(profiles)];
    this.#access = new Access(this, 'Access', { grants: choices.access, sites });
    new Deployment(this, 'Deployment', {
      setup,
      sync,
      sites: choices.sites,
      limitsId,
      access: this.#access,
      after: [table, bus, timers, registry, run, sync],
    });
    const lambdas = { registry, run, sync, admin, setup };
    this.metrics = new Metrics(this, 'Metrics', { namespace: `cloudtab/${root}`, lambdas });
    const { metrics } = this;
    this.alarms = new Alarms(this, 'Alarms', { metrics, deadLetters, sync, sweepEvery, alarmTopics });
    addOutputs(this, others.length === 0);
  }

  /**
   * Sends each failed run to the target: a new rule on the bus. Unless the target has an input of its own, it receives an object
   * with `cron`, `plannedAt`, `reason` and `output`, a link to the lines of the run.
   */
  onFailure(target: IRuleTarget): Rule {
    const number = this.node.children.filter(({ node }) => node.id.startsWith('OnFailure')).length + 1;
    return failureRule(this, `OnFailure${number}`, target);
  }

  /**
   * Lets an IAM role or user call the URL and see crontabs: of the named sites, or of all. Throws ConfigurationError if the
   * grantee is a principal of another kind, or a name of a site is invalid.
   */
  grantView(grantee: IGrantable, sites?: readonly string[]): Grant {
    return this.#grant('viewer', grantee, sites);
  }

  /** As `grantView`; the grantee may also run crons, and switch crons and sites on and off. */
  grantOperate(grantee: IGrantable, sites?: readonly string[]): Grant {
    return this.#grant('operator', grantee, sites);
  }

  /** As `grantOperate`; the grantee may also change crons and settings, delete, and create sites. */
  grantEdit(grantee: IGrantable, sites?: readonly string[]): Grant {
    return this.#grant('editor', grantee, sites);
  }

  #grant(role: Role, grantee: IGrantable, sites?: readonly string[]): Grant {
    this.#access.add({ principal: principalOf(grantee), role, ...(sites && { sites }) });
    // The CDK adds the condition lambda:InvokedViaFunctionUrl: without it the grantee could invoke the function itself, with an
    // event that names another caller.
    return this.adminFunction.url.grantInvokeUrl(grantee);
  }

  /** The deployments that the stack contains already. */
  #othersInStack(): Cloudtab[] {
    const stack = Stack.of(this);
    return stack.node
      .findAll()
      .filter((one): one is Cloudtab => one instanceof Cloudtab && one !== this && Stack.of(one) === stack);
  }
}
