/** The registry Lambda: follows every change of a parameter. */
import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Construct } from 'constructs';
import { TRIGGERS } from '../../adapters/aws/triggers.ts';
import { CloudtabFunction } from './cloudtab-function.ts';
import type { Parts } from './parts.ts';

export class RegistryFunction extends CloudtabFunction<'registry'> {
  constructor(scope: Construct, id: string, parts: Parts) {
    const { choices, logs, settings, table, parameters, bus, deadLetters } = parts;
    super(scope, id, {
      lambda: 'registry',
      description: 'cloudtab: judges a changed parameter and projects it into the table',
      settings,
      timeout: Duration.minutes(1),
      ...logs,
    });
    table.grantProject(this);
    parameters.grantProject(this);
    this.allow({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    this.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(deadLetters),
    });
    // Labels are how a rejected version is marked: they must not come back as a change.
    new Rule(this, TRIGGERS.registry.rules[0], {
      description: 'cloudtab: a parameter was made, edited or deleted',
      eventPattern: {
        source: ['aws.ssm'],
        detailType: ['Parameter Store Change'],
        detail: { name: Match.prefix(`/${choices.root}/`), operation: ['Create', 'Update', 'Delete'] },
      },
      targets: [new LambdaFunction(this, { deadLetterQueue: deadLetters })],
    });
  }
}
