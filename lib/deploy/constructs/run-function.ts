/** The run Lambda: woken by a timer, runs what is due. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Construct } from 'constructs';
import { CloudtabFunction } from './cloudtab-function.ts';
import type { Parts } from './parts.ts';

const CHOSEN = 'The deployment chose this beginning of names itself.';

export class RunFunction extends CloudtabFunction<'run'> {
  constructor(scope: Construct, id: string, parts: Parts) {
    const { choices, logs, settings, table, parameters, timers, bus, deadLetters } = parts;
    super(scope, id, {
      lambda: 'run',
      description: 'cloudtab: makes the next timer, claims the run, and runs it',
      settings,
      timeout: Duration.minutes(15),
      memorySize: choices.runMemorySize,
      ...logs,
      // A backlog is worked off one after the other by delivering the next to itself: not a loop, it ends.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    table.grantRun(this);
    parameters.grantSecrets(this);
    timers.grantArm(this);
    timers.wake(this);
    this.allow({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    this.#allowChosen(
      'lambda:InvokeFunction',
      choices.allowedFunctions.map((name) => this.#functionArn(name)),
    );
    this.#allowChosen(
      'sts:AssumeRole',
      choices.allowedUsers.map((user) => this.#roleArn(user)),
    );
    this.#allowItself();
    this.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(deadLetters),
    });
  }

  #allowChosen(action: string, resources: string[]): void {
    if (resources.length > 0) this.allow({ actions: [action], resources, wildcard: CHOSEN });
  }

  /** A policy apart from the role's own: the function waits for that one, which cannot name the function. */
  #allowItself(): void {
    const statement = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.functionArn],
    });
    const policy = new Policy(this, 'DeliverToItself', { statements: [statement] });
    this.role?.attachInlinePolicy(policy);
  }

  #functionArn(name: string): string {
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
