/** The run Lambda: a timer invokes it, and it runs the occurrence that is due. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import { CloudtabFunction, commonEnvironment, type LambdaProps } from './cloudtab-function.ts';
import { allow } from './permission.ts';
import type { Timers } from './timers.ts';

export interface RunFunctionProps extends LambdaProps {
  /** The timers that invoke the Lambda, and among which it creates the next one of a cron. */
  readonly timers: Timers;
  /** Receives the deliveries that could not be handled. */
  readonly deadLetters: IQueue;
  /** The concurrency that is reserved for runs, for example `10`. Default: none. */
  readonly concurrency?: number | undefined;
  /** The interval of the sweep, for example `Duration.minutes(5)`. */
  readonly sweepEvery: Duration;
  /** Identifies the code in run records, for example `8f14e45fceea`. */
  readonly codeVersion: string;
}

const PREFIX = 'The deployment itself chose this prefix of names.';

export class RunFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: RunFunctionProps) {
    const { table, parameters, limits, timers, deadLetters, sweepEvery, codeVersion, concurrency } = props;
    super(scope, id, {
      ...props,
      reservedConcurrentExecutions: concurrency,
      description: 'cloudtab: arms the next occurrence, claims the one that is due, and runs it',
      environment: writeEnvironment('run', {
        ...commonEnvironment(props),
        ...timers.environment,
        sweepEverySeconds: sweepEvery.toSeconds(),
        codeVersion,
      }),
      timeout: Duration.minutes(15),
      readsSecrets: true,
      // A run delivers the next waiting occurrence to its own function. The chain ends with the backlog.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    table.grantRun(this.role);
    parameters.grantSecrets(this.role);
    timers.grantArm(this.role);
    timers.addTarget(this);
    const sites = Object.values(limits);
    const functions = sites.flatMap(({ allowedFunctions = [] }) => allowedFunctions);
    const users = sites.flatMap(({ allowedUsers = [] }) => allowedUsers);
    this.#allowListed(
      ['lambda:InvokeFunction'],
      functions.map((name) => this.#functionArn(name)),
    );
    this.#allowListed(
      // The tags name the site and the cron, so that a role can demand its site.
      ['sts:AssumeRole', 'sts:TagSession'],
      users.map((user) => this.#roleArn(user)),
    );
    this.#allowItself();
    this.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(deadLetters),
    });
  }

  #allowListed(actions: string[], resources: string[]): void {
    if (resources.length > 0)
      allow(this.role, { actions, resources: [...new Set(resources)], wildcard: PREFIX });
  }

  /** In a policy of its own: the function depends on the role's default policy, which therefore cannot name it. */
  #allowItself(): void {
    const statement = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.functionArn],
    });
    this.role.attachInlinePolicy(new Policy(this, 'DeliverToItself', { statements: [statement] }));
  }

  #functionArn(name: string): string {
    if (name.startsWith('arn:')) return name;
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: name,
      arnFormat,
    });
  }

  #roleArn(user: string): string {
    if (user.startsWith('arn:')) return user;
    return Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: user });
  }
}
