/** The sync Lambda: makes the timers equal to the changed definitions, sweeps, and resyncs. */
import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import { TRIGGERS } from '../../adapters/aws/triggers.ts';
import { CloudtabFunction, commonEnvironment, type LimitedLambdaProps } from './cloudtab-function.ts';
import { allow } from './permission.ts';
import type { Timers } from './timers.ts';

export interface SyncFunctionProps extends LimitedLambdaProps {
  /** The timers that are made equal to the crontabs. */
  readonly timers: Timers;
  /** The run Lambda, which an overdue occurrence is redelivered to. */
  readonly run: IFunction;
  /** Receives the changes and tasks that could not be handled. */
  readonly deadLetters: IQueue;
  /** The interval of the sweep, for example `Duration.minutes(5)`. */
  readonly sweepEvery: Duration;
  /** Whether the end of each occurrence is counted by cron. */
  readonly cronMetrics: boolean;
  /** Whether each sweep requests the URL of an external monitor. */
  readonly heartbeat: boolean;
  /** The interval of the resync, for example `Duration.hours(1)`. */
  readonly resyncEvery: Duration;
}

export class SyncFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: SyncFunctionProps) {
    const { table, parameters, timers, run, deadLetters, sweepEvery, resyncEvery, cronMetrics, heartbeat } =
      props;
    super(scope, id, {
      ...props,
      description: 'cloudtab: makes the timers equal to the crontabs',
      environment: writeEnvironment('sync', {
        ...commonEnvironment(props),
        limitsId: props.limitsId,
        ...timers.environment,
        runFunctionArn: run.functionArn,
        cronMetrics,
        heartbeat,
      }),
      timeout: Duration.minutes(15),
      readsSecrets: heartbeat ? 'heartbeat' : undefined,
    });
    table.grantSync(this.role);
    parameters.grantProject(this.role);
    parameters.grantList(this.role);
    if (heartbeat) parameters.grantHeartbeat(this.role);
    timers.grantRepair(this.role);
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [run.functionArn] });
    allow(this.role, {
      actions: ['dynamodb:ListStreams'],
      resources: ['*'],
      wildcard: 'An event source on a stream needs this action, which supports no resource.',
    });
    this.addEventSource(
      new DynamoEventSource(table.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        // Each run writes a job and a run record. Only projections have "modified".
        filters: [
          FilterCriteria.filter({ dynamodb: { NewImage: { modified: { N: FilterRule.exists() } } } }),
        ],
        batchSize: 25,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 5,
        maxRecordAge: Duration.hours(1),
        onFailure: new SqsDlq(deadLetters),
      }),
    );
    this.configureAsyncInvoke({
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(deadLetters),
    });
    const [sweep, resync] = TRIGGERS.sync.rules;
    this.#every(sweepEvery, sweep, { task: 'sweep' });
    this.#every(resyncEvery, resync, { task: 'resync' });
  }

  #every(interval: Duration, id: string, event: { readonly task: string }): void {
    new Rule(this, id, {
      description: `cloudtab: the periodic ${event.task}`,
      schedule: Schedule.rate(interval),
      targets: [new LambdaFunction(this, { event: RuleTargetInput.fromObject(event), retryAttempts: 2 })],
    });
  }
}
