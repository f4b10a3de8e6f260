/** The sync Lambda: follows the table with the timers, and looks again now and then. */
import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { SORT } from '../../adapters/aws/table.ts';
import { TRIGGERS } from '../../adapters/aws/triggers.ts';
import { allowRestore, type RestoreParts } from './allow-restore.ts';
import { CloudtabFunction } from './cloudtab-function.ts';

export class SyncFunction extends CloudtabFunction<'sync'> {
  constructor(scope: Construct, id: string, props: RestoreParts) {
    const { choices, logs, settings, table, deadLetters, run } = props;
    super(scope, id, {
      lambda: 'sync',
      description: 'cloudtab: makes the timers equal to the crontabs',
      settings: { ...settings, runFunctionArn: run.functionArn },
      timeout: Duration.minutes(15),
      ...logs,
    });
    allowRestore(this, props);
    this.allow({
      actions: ['dynamodb:ListStreams'],
      resources: ['*'],
      wildcard: 'The stream of the table is an event source, and this action of it knows no resource.',
    });
    this.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        // Jobs are written at each run: only changed definitions concern this function.
        filters: [
          FilterCriteria.filter({
            dynamodb: { Keys: { sk: { S: FilterRule.or(SORT.cron, SORT.crontab) } } },
          }),
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
    const [sweep, restore] = TRIGGERS.sync.rules;
    this.#every(choices.sweepEvery, sweep, { task: 'sweep' });
    this.#every(choices.restoreEvery, restore, { task: 'restore' });
  }

  #every(duration: Duration, id: string, event: { readonly task: string }): void {
    new Rule(this, id, {
      description: `cloudtab: the periodic ${event.task}`,
      schedule: Schedule.rate(duration),
      targets: [new LambdaFunction(this, { event: RuleTargetInput.fromObject(event), retryAttempts: 2 })],
    });
  }
}
