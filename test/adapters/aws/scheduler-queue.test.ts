import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../../lib/adapters/aws/delivery.ts';
import { SchedulerQueue } from '../../../lib/adapters/aws/scheduler-queue.ts';
import { deliveryContract, queueContract } from '../../contracts/queue.ts';
import { awsError } from '../../support/aws-error.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { FakeScheduler } from '../../support/fake-scheduler.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const TIMER = { site: 'site', uid: 'a', plannedAt: NOW + HOUR };
const RESOURCES = {
  group: 'timers',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:run',
  roleArn: 'arn:aws:iam::123456789012:role/timers',
  deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
};

/** The time of a schedule is at least that many milliseconds after its creation. */
const MIN_LEAD_MS = 10_000;

async function makeContract() {
  const clock = new VirtualClock(NOW);
  const aws = new FakeScheduler(() => clock.now());
  aws.emptyPages = true;
  const queue = new SchedulerQueue({ scheduler: aws.scheduler, lambda: aws.lambda, clock, ...RESOURCES });
  return {
    queue,
    // Timers that are due within seconds are late on EventBridge Scheduler, so the suite's times are later.
    now: () => clock.now() + MIN_LEAD_MS,
    async reach(time: number) {
      await clock.advanceTo(time);
      aws.fire();
    },
    delivered: async () => aws.invoked.map((payload) => parseDelivery(JSON.parse(payload))),
    close: async () => expect(clock.waiting).toBe(0),
  };
}

queueContract('SchedulerQueue', makeContract);
deliveryContract('SchedulerQueue', makeContract);

function make() {
  const clock = new BusyClock(NOW);
  const aws = new FakeScheduler(() => clock.now());
  const queue = new SchedulerQueue({ scheduler: aws.scheduler, lambda: aws.lambda, clock, ...RESOURCES });
  const inputs = () => aws.schedulerMock.calls().map((call) => call.args[0].input);
  return { aws, clock, queue, inputs };
}

describe('SchedulerQueue.arm', () => {
  test('SchedulerQueue.arm creates one schedule with the name, time, target, retries and dead-letter queue of the timer', async () => {
    const { queue, inputs } = make();
    await queue.arm(TIMER);
    expect(inputs()).toEqual([
      {
        Name: `site.a.${TIMER.plannedAt / 1000}`,
        GroupName: 'timers',
        ScheduleExpression: 'at(2026-01-05T13:00:00)',
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: RESOURCES.functionArn,
          RoleArn: RESOURCES.roleArn,
          Input: '{"site":"site","uid":"a","plannedAt":"2026-01-05T13:00:00Z"}',
          DeadLetterConfig: { Arn: RESOURCES.deadLetterArn },
          RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 10 },
        },
      },
    ]);
  });

  test('SchedulerQueue.arm makes one call for a timer that exists and leaves its schedule as it is', async () => {
    const { queue, inputs } = make();
    await queue.arm(TIMER);
    await queue.arm(TIMER);
    expect(inputs()).toHaveLength(2);
  });

  test('SchedulerQueue.arm gives a timer that is due within seconds a later schedule, with the name and the planned time of the timer', async () => {
    const { queue, inputs } = make();
    await queue.arm({ ...TIMER, plannedAt: NOW + 1000 });
    expect(inputs()).toMatchObject([
      {
        Name: `site.a.${NOW / 1000 + 1}`,
        ScheduleExpression: 'at(2026-01-05T12:00:10)',
        Target: { Input: '{"site":"site","uid":"a","plannedAt":"2026-01-05T12:00:01Z"}' },
      },
    ]);
  });

  test('SchedulerQueue.arm rounds the time of a schedule up to a whole second', async () => {
    const { clock, queue, inputs } = make();
    clock.wake(NOW + 1, () => {});
    await queue.arm({ ...TIMER, plannedAt: NOW + 1000 });
    expect(inputs()).toMatchObject([{ ScheduleExpression: 'at(2026-01-05T12:00:11)' }]);
  });

  test.each([
    ['is due now', NOW],
    ['was due an hour ago', NOW - HOUR],
  ])('SchedulerQueue.arm delivers a timer that %s at once, without a schedule', async (_, plannedAt) => {
    const { aws, queue, inputs } = make();
    await queue.arm({ ...TIMER, plannedAt });
    expect(inputs()).toEqual([]);
    expect(aws.invoked).toHaveLength(1);
  });

  test('SchedulerQueue.arm retries with backoff while AWS does not know the new role', async () => {
    const { aws, clock, queue, inputs } = make();
    const unknown = awsError(
      'ValidationException',
      'The execution role you provide must allow AWS to assume the role.',
    );
    aws.failNext(unknown, unknown);
    await queue.arm(TIMER);
    expect(inputs()).toHaveLength(3);
    expect(clock.pauses).toEqual([2000, 4000]);
  });

  test('SchedulerQueue.arm gives up when AWS does not know the role at the fourth attempt', async () => {
    const { aws, clock, queue } = make();
    const unknown = awsError('ValidationException', 'Bad role.');
    aws.failNext(unknown, unknown, unknown, unknown);
    await expect(queue.arm(TIMER)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringMatching(/^Cannot arm the timer site\.a\.1767618000: /),
      cause: unknown,
    });
    expect(clock.pauses).toEqual([2000, 4000, 8000]);
  });

  test.each([
    ['ValidationException', 'UnavailableError'],
    ['ThrottlingException', 'ThrottledError'],
    ['ResourceNotFoundException', 'UnavailableError'],
  ])(
    'SchedulerQueue.arm that AWS answers with %s for another reason throws %s after one attempt',
    async (awsName, name) => {
      const { aws, queue, inputs } = make();
      const cause = awsError(awsName, 'no');
      aws.failNext(cause);
      await expect(queue.arm(TIMER)).rejects.toMatchObject({ name, cause });
      expect(inputs()).toHaveLength(1);
    },
  );
});

describe('SchedulerQueue', () => {
  test('SchedulerQueue.disarm makes one call with the group and the name of the timer', async () => {
    const { queue, inputs } = make();
    await queue.disarm(TIMER);
    expect(inputs()).toEqual([{ GroupName: 'timers', Name: 'site.a.1767618000' }]);
  });

  test('SchedulerQueue.timers makes one call for each hundred schedules of all crons or of one', async () => {
    const { queue, inputs } = make();
    for (let n = 0; n < 101; n++) await queue.arm({ ...TIMER, plannedAt: TIMER.plannedAt + n * 1000 });
    for await (const _ of queue.timers()) _;
    for await (const _ of queue.timers({ site: 'site', uid: 'b' })) _;
    expect(inputs().slice(101)).toEqual([
      { GroupName: 'timers', MaxResults: 100 },
      { GroupName: 'timers', MaxResults: 100, NextToken: expect.any(String) },
      { GroupName: 'timers', MaxResults: 100, NamePrefix: 'site.b.' },
    ]);
  });

  test('SchedulerQueue.timers leaves out schedules of the group whose names are not those of timers', async () => {
    const { aws, queue } = make();
    aws.type('by-hand');
    aws.type('Site.a.123');
    await queue.arm(TIMER);
    expect(await Array.fromAsync(queue.timers())).toEqual([TIMER]);
  });

  test('SchedulerQueue.deliver invokes the run function asynchronously', async () => {
    const { aws, queue } = make();
    await queue.deliver({ ...TIMER, forced: 'run-1' });
    expect(aws.lambdaMock.calls().map((call) => call.args[0].input)).toEqual([
      {
        FunctionName: RESOURCES.functionArn,
        InvocationType: 'Event',
        Payload: Buffer.from('{"site":"site","uid":"a","plannedAt":"2026-01-05T13:00:00Z","forced":"run-1"}'),
      },
    ]);
  });

  test.each([
    ['remove the timer site.a.1767618000', (queue: SchedulerQueue) => queue.disarm(TIMER)],
    [
      'list the timers of the group timers',
      async (queue: SchedulerQueue) => queue.timers()[Symbol.asyncIterator]().next(),
    ],
    ['start the run of site/a at 2026-01-05T13:00:00Z', (queue: SchedulerQueue) => queue.deliver(TIMER)],
  ])('SchedulerQueue throws an UnavailableError when it cannot %s', async (task, call) => {
    const { aws, queue } = make();
    const cause = awsError('InternalServerException', 'oops');
    aws.failNext(cause);
    await expect(call(queue)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringContaining(`Cannot ${task}: `),
      cause,
    });
  });
});
