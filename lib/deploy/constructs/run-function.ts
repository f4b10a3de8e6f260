/** The run Lambda: a timer invokes it, and it runs the occurrence that is due. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';
import { CloudtabFunction, commonEnvironment, type LimitedLambdaProps } from './cloudtab-function.ts';
import { allowListed, listProblems } from './listed-permissions.ts';
import type { Timers } from './timers.ts';

export interface RunFunctionProps extends LimitedLambdaProps {
  /** The timers that invoke the Lambda, and among which it creates the next one of a cron. */
  readonly timers: Timers;
  /** Receives the deliveries that could not be handled. */
  readonly deadLetters: IQueue;
  /** The concurrency that is reserved for runs, for example `10`. Default: none. */
  readonly concurrency?: number | undefined;
  /** The interval of the sweep, for example `Duration.minutes(5)`. */
  readonly sweepEvery: Duration;
  /** Whether the end of each occurrence is counted by cron. */
  readonly cronMetrics: boolean;
  /** What runners may reach, which the role gets permissions for. */
  readonly limits: LimitsBySite;
  /** Identifies the code in run records, for example `8f14e45fceea`. */
  readonly codeVersion: string;
}

export class RunFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: RunFunctionProps) {
    const {
      table,
      parameters,
      limits,
      timers,
      deadLetters,
      sweepEvery,
      codeVersion,
      concurrency,
      cronMetrics,
    } = props;
    super(scope, id, {
      ...props,
      reservedConcurrentExecutions: concurrency,
      description: 'cloudtab: arms the next occurrence, claims the one that is due, and runs it',
      environment: writeEnvironment('run', {
        ...commonEnvironment(props),
        limitsId: props.limitsId,
        ...timers.environment,
        sweepEverySeconds: sweepEvery.toSeconds(),
        cronMetrics,
        codeVersion,
      }),
      timeout: Duration.minutes(15),
      readsSecrets: 'all',
      // A run delivers the next waiting occurrence to its own function. The chain ends with the backlog.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    table.grantRun(this.role);
    parameters.grantSecrets(this.role);
    timers.grantArm(this.role);
    timers.addTarget(this);
    const sites = Object.values(limits);
    const functions = arnsOf(
      sites.flatMap(({ allowedFunctions = [] }) => allowedFunctions),
      (name) => this.#functionArn(name),
    );
    const users = arnsOf(
      sites.flatMap(({ allowedUsers = [] }) => allowedUsers),
      (user) => this.#roleArn(user),
    );
    allowListed(this.role, 'Functions', ['lambda:InvokeFunction'], functions);
    // The tags name the site and the cron, so that a role can demand its site.
    allowListed(this.role, 'Users', ['sts:AssumeRole', 'sts:TagSession'], users);
    this.node.addValidation({ validate: () => listProblems(this.role, [...functions, ...users]) });
    this.#allowItself();
    this.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(deadLetters),
    });
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

function arnsOf(names: readonly string[], arnOf: (name: string) => string): string[] {
  return [...new Set(names.map(arnOf))];
}
