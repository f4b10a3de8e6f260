/**
 * The schedule group of the timers, and the role that EventBridge Scheduler assumes when one fires. The Lambdas create the
 * timers. Deleting the group deletes its timers, so that a destroyed deployment leaves none behind.
 */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LambdaEnvironment } from '../../adapters/aws/environment.ts';
import { FORMAT } from '../../adapters/aws/table.ts';
import { grantKey } from './encryption.ts';
import { allow } from './permission.ts';

export interface TimersProps {
  /** Receives the deliveries that EventBridge Scheduler could not make. */
  readonly deadLetters: IQueue;
  /** Encrypts the queue. Default: a key of SQS. */
  readonly encryptionKey?: IKey | undefined;
}

export class Timers extends Construct {
  readonly group: ScheduleGroup;
  readonly role: Role;
  /** The settings with which a Lambda creates timers. */
  readonly environment: Pick<LambdaEnvironment, 'groupName' | 'schedulerRoleArn' | 'deadLetterQueueArn'>;

  constructor(scope: Construct, id: string, { deadLetters, encryptionKey }: TimersProps) {
    super(scope, id);
    // Deleted even where other data are retained: the timers would go on invoking a function that no longer exists.
    // A new format gets a new group, without the timers of the old one.
    this.group = new ScheduleGroup(this, `Group${FORMAT}`, { removalPolicy: RemovalPolicy.DESTROY });
    // Only schedules of this group, in this account, may assume the role.
    const conditions = {
      StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      ArnEquals: { 'aws:SourceArn': this.group.scheduleGroupArn },
    };
    const assumedBy = new ServicePrincipal('scheduler.amazonaws.com', { conditions });
    this.role = new Role(this, 'Role', { assumedBy });
    allow(this.role, { actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] });
    if (encryptionKey) grantKey(encryptionKey, this.role);
    this.environment = {
      groupName: this.group.scheduleGroupName,
      schedulerRoleArn: this.role.roleArn,
      deadLetterQueueArn: deadLetters.queueArn,
    };
  }

  /** Lets timers invoke the function. */
  addTarget(target: IFunction): void {
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [target.functionArn] });
  }

  /** Lets the role create timers, and delete those that its own commit made superfluous. */
  grantArm(role: Role): void {
    const resource = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.group.scheduleGroupName}/*`,
    });
    allow(role, {
      actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
      resources: [resource],
      wildcard: 'Each planned time has a timer of its own name; all are in the group of this deployment.',
    });
    allow(role, {
      actions: ['iam:PassRole'],
      resources: [this.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  }

  /** Lets the role create, list and delete timers. */
  grantRepair(role: Role): void {
    this.grantArm(role);
    allow(role, {
      actions: ['scheduler:ListSchedules'],
      resources: ['*'],
      wildcard: 'This action supports no resource.',
    });
  }
}
