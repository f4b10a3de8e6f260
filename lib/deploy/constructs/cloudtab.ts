/**
 * A whole cloudtab: table, bus, timers, dead-letter queue, and the five Lambdas. Put it into a stack of your own to let
 * your rules subscribe to its bus, or to give what it runs its permissions:
 *
 *     const cloudtab = new Cloudtab(this, 'Cloudtab', { allowedFunctions: ['reports-*'] });
 *     bucket.grantRead(cloudtab.run);
 */
import { resolve } from 'node:path';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { AdminFunction } from './admin-function.ts';
import { Alarms } from './alarms.ts';
import { RUNNERS_CONTEXT } from './bundled.ts';
import { type CloudtabProps, withDefaults } from './cloudtab-props.ts';
import { DeadLetters } from './dead-letters.ts';
import { Metrics } from './metrics.ts';
import { Parameters } from './parameters.ts';
import type { Parts } from './parts.ts';
import { RegistryFunction } from './registry-function.ts';
import { RunFunction } from './run-function.ts';
import { SetupFunction } from './setup-function.ts';
import { StateTable } from './state-table.ts';
import { SyncFunction } from './sync-function.ts';
import { Timers } from './timers.ts';

export class Cloudtab extends Construct {
  /** The first level of the parameters' names. */
  readonly root: string;
  readonly table: StateTable;
  /** Tells of runs and changes: rules may subscribe to it. */
  readonly bus: IEventBus;
  readonly timers: Timers;
  readonly deadLetters: DeadLetters;
  readonly registry: RegistryFunction;
  readonly sync: SyncFunction;
  readonly run: RunFunction;
  readonly admin: AdminFunction;
  readonly setup: SetupFunction;
  /** What is counted, for dashboards and alarms of your own. */
  readonly metrics: Metrics;

  constructor(scope: Construct, id: string, props: CloudtabProps = {}) {
    super(scope, id);
    const choices = withDefaults(props);
    this.root = choices.root;
    this.node.setContext(RUNNERS_CONTEXT, resolve(choices.runners));
    this.table = new StateTable(this, 'Table', { removalPolicy: choices.removalPolicy });
    this.bus = new EventBus(this, 'Bus', { description: 'cloudtab: what ran, and what changed' });
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.timers = new Timers(this, 'Timers', { deadLetters: this.deadLetters });
    const parts = this.#parts(choices);

    this.registry = new RegistryFunction(this, 'Registry', parts);
    this.run = new RunFunction(this, 'Run', parts);
    this.sync = new SyncFunction(this, 'Sync', { ...parts, run: this.run });
    this.admin = new AdminFunction(this, 'Admin', { ...parts, run: this.run });
    const after = [this.table, this.bus, this.timers, this.registry, this.run, this.sync];
    this.setup = new SetupFunction(this, 'Setup', { ...parts, run: this.run, after });
    this.metrics = new Metrics(this, 'Metrics', {
      registry: this.registry.lines,
      run: this.run.lines,
      sync: this.sync.lines,
      admin: this.admin.lines,
      setup: this.setup.lines,
    });
    new Alarms(this, 'Alarms', { ...choices, metrics: this.metrics, deadLetters: this.deadLetters });
  }

  #parts(choices: Required<CloudtabProps>): Parts {
    const { table, bus, timers, deadLetters } = this;
    const { logRetention, removalPolicy } = choices;
    const settings: Parts['settings'] = {
      ...choices,
      tableName: table.tableName,
      busName: bus.eventBusName,
      groupName: timers.group.scheduleGroupName,
      schedulerRoleArn: timers.role.roleArn,
      deadLetterQueueArn: deadLetters.queueArn,
    };
    const parameters = new Parameters(this, 'Parameters', choices);
    const logs = { logRetention, removalPolicy };
    return { choices, logs, settings, table, bus, timers, deadLetters, parameters };
  }
}
