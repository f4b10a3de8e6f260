/**
 * A whole cloudtab: table, bus, timers, dead-letter queue, the five Lambdas, metrics and alarms. Put it into a stack of
 * your own to add rules to its bus, or to give its runners permissions:
 *
 *     const cloudtab = new Cloudtab(this, 'Cloudtab', { allowedFunctions: ['reports-*'] });
 *     bucket.grantRead(cloudtab.run);
 */
import { resolve } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { LambdaName } from '../../adapters/aws/environment.ts';
import { PROFILES_FILE } from '../../adapters/aws/profiles-file.ts';
import { FORMAT } from '../../adapters/aws/table.ts';
import { profilesText } from '../../app/profiles/deployed-profiles.ts';
import { AdminFunction } from './admin-function.ts';
import { Alarms } from './alarms.ts';
import { type CloudtabProps, withDefaults } from './cloudtab-props.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { type LambdaFiles, lambdaCode, runCodeVersion } from './lambda-code.ts';
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
  readonly table: StateTable;
  /** Receives an event for each run and each change, which rules can subscribe to. */
  readonly bus: IEventBus;
  readonly timers: Timers;
  readonly deadLetters: DeadLetterQueue;
  readonly registry: RegistryFunction;
  readonly run: RunFunction;
  readonly sync: SyncFunction;
  readonly admin: AdminFunction;
  readonly setup: SetupFunction;
  /** The metrics of the deployment, for dashboards and alarms of your own. */
  readonly metrics: Metrics;

  constructor(scope: Construct, id: string, props: CloudtabProps = {}) {
    super(scope, id);
    const { root, removalPolicy, logRetention, recordRetention, sweepEvery, alarmTopics, ...choices } =
      withDefaults(props, Stack.of(this).stackName);
    this.root = root;
    // A new format gets a new table: nothing is converted, and an update may change only one index of a table.
    this.table = new StateTable(this, `Table${FORMAT}`, { removalPolicy });
    // Two deployments of one root would run every cron twice: with this name the second one cannot be deployed.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `cloudtab-${root}`,
      description: 'cloudtab: runs, and changes of crontabs',
    });
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.timers = new Timers(this, 'Timers', { deadLetters: this.deadLetters });
    const parameters = new Parameters(this, 'Parameters', { root });

    const { table, bus, timers, deadLetters } = this;
    const retentions = { recordRetention, logRetention, removalPolicy };
    const commonProps = { table, parameters, bus, limits: choices, ...retentions };
    const runners = resolve(choices.runners);
    const code = (lambda: LambdaName, files: LambdaFiles = {}) =>
      lambdaCode(this, { lambda, runners, files });
    this.registry = new RegistryFunction(this, 'Registry', {
      ...commonProps,
      code: code('registry'),
      deadLetters,
    });
    this.run = new RunFunction(this, 'Run', {
      ...commonProps,
      code: code('run'),
      timers,
      deadLetters,
      memorySize: choices.runMemorySize,
      sweepEvery,
      codeVersion: runCodeVersion(this, runners),
    });
    const { registry, run } = this;
    this.sync = new SyncFunction(this, 'Sync', {
      ...commonProps,
      code: code('sync'),
      timers,
      run,
      deadLetters,
      sweepEvery,
      resyncEvery: choices.resyncEvery,
    });
    this.admin = new AdminFunction(this, 'Admin', { ...commonProps, code: code('admin'), run });
    const { sync, admin } = this;
    const profiles = deployedProfiles(this, choices.profiles);
    const hasProfiles = Object.keys(profiles).length > 0;
    this.setup = new SetupFunction(this, 'Setup', {
      ...commonProps,
      code: code('setup', hasProfiles ? { [PROFILES_FILE]: profilesText(profiles) } : {}),
      sync,
      hasProfiles,
      sites: choices.sites,
      timezone: choices.timezone,
      after: [table, bus, timers, registry, run, sync],
    });
    const { setup } = this;
    this.metrics = new Metrics(this, 'Metrics', { lambdas: { registry, run, sync, admin, setup } });
    new Alarms(this, 'Alarms', { metrics: this.metrics, deadLetters, sync, sweepEvery, alarmTopics });
  }
}
