/**
 * The Queue on EventBridge Scheduler: a one-time schedule for each timer, and a direct invocation of the run Lambda for
 * a delivery that is due at once. delivery.ts has the JSON of a delivery.
 */
import type { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { iso } from '../../core/domain/iso.ts';
import { type ParameterKey, parseTimerName, type Timer, timerName } from '../../core/domain/names.ts';
import { type Delivery, GRACE_MS } from '../../core/domain/occurrence.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Queue } from '../../core/ports/queue.ts';
import { retry } from '../../core/ports/retry.ts';
import { formatDelivery } from './delivery.ts';
import { awsErrorName, ignoring, translatingErrors } from './errors.ts';
import { invokeRun } from './run-function.ts';

/** A timer that is due by `clock` is delivered at once. */
export interface SchedulerQueueParts {
  readonly scheduler: SchedulerClient;
  readonly lambda: LambdaClient;
  readonly clock: Clock;
  /** The schedule group that holds the timers, and nothing else. */
  readonly group: string;
  /** What a timer invokes: the run Lambda. */
  readonly functionArn: string;
  /** The role that EventBridge Scheduler assumes to invoke it. */
  readonly roleArn: string;
  /** The SQS queue that gets what could not be delivered. */
  readonly deadLetterArn: string;
}

/**
 * The least time from now to that of a schedule. AWS does not document whether a schedule in the past is refused, fires or
 * never fires. A timer may be a minute late anyway.
 */
const MIN_LEAD_MS = 10_000;

/** IAM is eventually consistent: for some seconds, the Scheduler refuses a new role. */
const ROLE_DELAYS_MS = [2000, 4000, 8000];

/** Retries end when the sweep regards the timer as lost; 10 attempts fit into that time. */
const RETRIES = { MaximumEventAgeInSeconds: GRACE_MS / 1000, MaximumRetryAttempts: 10 };

const PAGE = 100;

export class SchedulerQueue implements Queue {
  readonly #parts: SchedulerQueueParts;

  constructor(parts: SchedulerQueueParts) {
    this.#parts = parts;
  }

  async arm(timer: Timer): Promise<void> {
    const { scheduler, clock } = this.#parts;
    if (timer.plannedAt <= clock.now()) return await this.deliver(timer);
    const creation = () => scheduler.send(this.#creation(timer));
    // The name belongs to this occurrence alone, so what exists under it is this timer. The conflict may also
    // come from a deletion that is still going on; then the timer is lost, and the sweep finds its job overdue.
    await translatingErrors(`Cannot arm the timer ${timerName(timer)}`, () =>
      ignoring(['ConflictException'], retry(clock, ROLE_DELAYS_MS, creation, isRoleUnknown)),
    );
  }

  async disarm(timer: Timer): Promise<void> {
    const { scheduler, group } = this.#parts;
    const Name = timerName(timer);
    const command = new DeleteScheduleCommand({ GroupName: group, Name });
    await translatingErrors(`Cannot remove the timer ${Name}`, () =>
      ignoring(['ResourceNotFoundException'], scheduler.send(command)),
    );
  }

  async *timers(of?: Required<ParameterKey>): AsyncIterable<Timer> {
    const { scheduler, group } = this.#parts;
    const NamePrefix = of && `${of.site}.${of.uid}.`;
    let NextToken: string | undefined;
    do {
      const input = { GroupName: group, MaxResults: PAGE, NamePrefix, NextToken };
      const command = new ListSchedulesCommand(input);
      const page = await translatingErrors(`Cannot list the timers of the group ${group}`, () =>
        scheduler.send(command),
      );
      for (const { Name = '' } of page.Schedules ?? []) {
        // A user may have created other schedules in the group.
        const timer = parseTimerName(Name);
        if (timer) yield timer;
      }
      NextToken = page.NextToken;
    } while (NextToken);
  }

  async deliver(delivery: Delivery): Promise<void> {
    const { lambda, functionArn } = this.#parts;
    await invokeRun(lambda, functionArn, delivery);
  }

  #creation({ site, uid, plannedAt }: Timer): CreateScheduleCommand {
    const { clock, group, functionArn, roleArn, deadLetterArn } = this.#parts;
    const time = Math.ceil(Math.max(plannedAt, clock.now() + MIN_LEAD_MS) / 1000) * 1000;
    return new CreateScheduleCommand({
      Name: timerName({ site, uid, plannedAt }),
      GroupName: group,
      ScheduleExpression: `at(${iso(time).slice(0, -1)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: functionArn,
        RoleArn: roleArn,
        Input: formatDelivery({ site, uid, plannedAt }),
        DeadLetterConfig: { Arn: deadLetterArn },
        RetryPolicy: RETRIES,
      },
    });
  }
}

function isRoleUnknown(error: unknown): boolean {
  return (
    awsErrorName(error) === 'ValidationException' && error instanceof Error && /role/i.test(error.message)
  );
}
