/** The registry Lambda: validates each changed parameter and writes its projection. */
import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import { TRIGGERS } from '../../adapters/aws/triggers.ts';
import { CloudtabFunction, commonEnvironment, type LimitedLambdaProps } from './cloudtab-function.ts';

export interface RegistryFunctionProps extends LimitedLambdaProps {
  /** Receives the changes that could not be handled. */
  readonly deadLetters: IQueue;
}

export class RegistryFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: RegistryFunctionProps) {
    super(scope, id, {
      ...props,
      description: 'cloudtab: validates changed parameters and projects them into the table',
      environment: writeEnvironment('registry', { ...commonEnvironment(props), limitsId: props.limitsId }),
      timeout: Duration.minutes(1),
    });
    const { table, parameters, deadLetters } = props;
    table.grantProject(this.role);
    parameters.grantProject(this.role);
    this.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(deadLetters),
    });
    // A label marks a rejected version: were LabelParameterVersion among the operations, each label would be an event.
    new Rule(this, TRIGGERS.registry.rules[0], {
      description: 'cloudtab: a parameter was created, updated or deleted',
      eventPattern: {
        source: ['aws.ssm'],
        detailType: ['Parameter Store Change'],
        detail: { name: Match.prefix(`/${parameters.root}/`), operation: ['Create', 'Update', 'Delete'] },
      },
      targets: [new LambdaFunction(this, { deadLetterQueue: deadLetters })],
    });
  }
}
