/**
 * The group that holds the timers, and the role that EventBridge Scheduler takes when one fires. The timers themselves
 * are made at run time. Deleting the group deletes them, so that a destroyed deployment leaves none behind.
 */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CloudtabFunction } from './cloudtab-function.ts';
import { permit } from './permission.ts';

export interface TimersProps {
  /** Where a timer's delivery goes that could not be made. */
  readonly deadLetters: IQueue;
}

export class Timers extends Construct {
  readonly group: ScheduleGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: TimersProps) {
    super(scope, id);
    // Whatever is kept of a destroyed deployment: its timers would go on waking a function that is gone.
    this.group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    // Only timers of this group, in this account, may act as this role.
    const conditions = {
      StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      ArnEquals: { 'aws:SourceArn': this.group.scheduleGroupArn },
    };
    const assumedBy = new ServicePrincipal('scheduler.amazonaws.com', { conditions });
    this.role = new Role(this, 'Role', { assumedBy });
    permit(this.role, { actions: ['sqs:SendMessage'], resources: [props.deadLetters.queueArn] });
  }

  /** Lets timers invoke the function, and nothing else. */
  wake(target: IFunction): void {
    permit(this.role, { actions: ['lambda:InvokeFunction'], resources: [target.functionArn] });
  }

  /** Lets the Lambda make, list and remove timers. */
  grantArm(lambda: CloudtabFunction): void {
    lambda.allow({
      actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
      resources: [this.#schedules(this.group.scheduleGroupName)],
      wildcard:
        'A timer has a name of its own for each planned time; all are in the group of this deployment.',
    });
    lambda.allow({
      actions: ['scheduler:ListSchedules'],
      resources: [this.#schedules('*')],
      wildcard: 'EventBridge Scheduler checks this action against all groups, whichever the call names.',
    });
    lambda.allow({
      actions: ['iam:PassRole'],
      resources: [this.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  }

  #schedules(group: string): string {
    return Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${group}/*`,
    });
  }
}
