import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../lib/aws/delivery.ts';
import { SchedulerQueue } from '../../lib/aws/scheduler-queue.ts';
import { deliveryContract, queueContract } from '../contracts/queue.ts';
import { awsError } from '../support/aws-error.ts';
import { BusyClock } from '../support/busy-clock.ts';
import { FakeScheduler } from '../support/fake-scheduler.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const TIMER = { site: 'site', uid: 'a', at: NOW + HOUR };
const PLACES = {
  group: 'timers',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:run',
  roleArn: 'arn:aws:iam::123456789012:role/timers',
  deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
};

/** A schedule lies at least that far ahead of the time at which it is made. */
const LEAST_AHEAD = 10_000;

async function makeContract() {
  const clock = new VirtualClock(NOW);
  const aws = new FakeScheduler(() => clock.now());
  aws.emptyPages = true;
  const queue = new SchedulerQueue({ scheduler: aws.scheduler, lambda: aws.lambda, clock, ...PLACES });
  return {
    queue,
    // Precision is a minute: what comes within seconds may be late, so the suite's near times are not that near.
    now: () => clock.now() + LEAST_AHEAD,
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
  const queue = new SchedulerQueue({ scheduler: aws.scheduler, lambda: aws.lambda, clock, ...PLACES });
  const inputs = () => aws.schedulerMock.calls().map((call) => call.args[0].input);
  return { aws, clock, queue, inputs };
}

describe('arming a timer', () => {
  test('makes one schedule, which says everything', async () => {
    const { queue, inputs } = make();
    await queue.arm(TIMER);
    expect(inputs()).toEqual([
      {
        Name: `site.a.${TIMER.at / 1000}`,
        GroupName: 'timers',
        ScheduleExpression: 'at(2026-01-05T13:00:00)',
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: PLACES.functionArn,
          RoleArn: PLACES.roleArn,
          Input: '{"site":"site","uid":"a","at":"2026-01-05T13:00:00Z"}',
          DeadLetterConfig: { Arn: PLACES.deadLetterArn },
          RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 10 },
        },
      },
    ]);
  });

  test('one that exists is left as it is, with no second call', async () => {
    const { queue, inputs } = make();
    await queue.arm(TIMER);
    await queue.arm(TIMER);
    expect(inputs()).toHaveLength(2);
  });

  test('one that is due within seconds keeps its name and its time, and its schedule lies ahead', async () => {
    const { queue, inputs } = make();
    await queue.arm({ ...TIMER, at: NOW + 1000 });
    expect(inputs()).toMatchObject([
      {
        Name: `site.a.${NOW / 1000 + 1}`,
        ScheduleExpression: 'at(2026-01-05T12:00:10)',
        Target: { Input: '{"site":"site","uid":"a","at":"2026-01-05T12:00:01Z"}' },
      },
    ]);
  });

  test('a part of a second, which a schedule cannot have, is rounded up', async () => {
    const { clock, queue, inputs } = make();
    clock.wake(NOW + 1, () => {});
    await queue.arm({ ...TIMER, at: NOW + 1000 });
    expect(inputs()).toMatchObject([{ ScheduleExpression: 'at(2026-01-05T12:00:11)' }]);
  });

  test.each([NOW, NOW - HOUR])(
    'one whose time has come is delivered at once, without a schedule',
    async (at) => {
      const { aws, queue, inputs } = make();
      await queue.arm({ ...TIMER, at });
      expect(inputs()).toEqual([]);
      expect(aws.invoked).toHaveLength(1);
    },
  );

  test('waits for a role that is too new to be known', async () => {
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

  test('gives up when the role stays unknown', async () => {
    const { aws, clock, queue } = make();
    const unknown = awsError('ValidationException', 'Bad role.');
    aws.failNext(unknown, unknown, unknown, unknown);
    await expect(queue.arm(TIMER)).rejects.toThrow(
      'Cannot arm the timer site.a.1767618000: AWS answered ValidationException: Bad role.. ' +
        'Try again; if it stays, look at the cause.',
    );
    expect(clock.pauses).toEqual([2000, 4000, 8000]);
  });

  test.each(['ValidationException', 'ThrottlingException', 'ResourceNotFoundException'])(
    'passes a %s on',
    async (name) => {
      const { aws, queue, inputs } = make();
      aws.failNext(awsError(name, 'no'));
      await expect(queue.arm(TIMER)).rejects.toThrow(
        `Cannot arm the timer site.a.1767618000: AWS answered ${name}: no. `,
      );
      expect(inputs()).toHaveLength(1);
    },
  );
});

describe('other calls', () => {
  test('disarming is one call, by group and name', async () => {
    const { queue, inputs } = make();
    await queue.disarm(TIMER);
    expect(inputs()).toEqual([{ GroupName: 'timers', Name: 'site.a.1767618000' }]);
  });

  test('listing takes a call for a hundred, of all or of one cron', async () => {
    const { queue, inputs } = make();
    for (let n = 0; n < 101; n++) await queue.arm({ ...TIMER, at: TIMER.at + n * 1000 });
    for await (const _ of queue.timers()) _;
    for await (const _ of queue.timers({ site: 'site', uid: 'b' })) _;
    expect(inputs().slice(101)).toEqual([
      { GroupName: 'timers', MaxResults: 100 },
      { GroupName: 'timers', MaxResults: 100, NextToken: expect.any(String) },
      { GroupName: 'timers', MaxResults: 100, NamePrefix: 'site.b.' },
    ]);
  });

  test("what is in the group and is no timer's is left out", async () => {
    const { aws, queue } = make();
    aws.type('by-hand');
    aws.type('Site.a.123');
    await queue.arm(TIMER);
    const found = [];
    for await (const timer of queue.timers()) found.push(timer);
    expect(found).toEqual([TIMER]);
  });

  test('delivering hands an event over and does not wait for the run', async () => {
    const { aws, queue } = make();
    await queue.deliver({ ...TIMER, forced: 'run-1' });
    expect(aws.lambdaMock.calls().map((call) => call.args[0].input)).toEqual([
      {
        FunctionName: PLACES.functionArn,
        InvocationType: 'Event',
        Payload: Buffer.from('{"site":"site","uid":"a","at":"2026-01-05T13:00:00Z","forced":"run-1"}'),
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
  ])('when AWS cannot %s, it says so', async (what, call) => {
    const { aws, queue } = make();
    aws.failNext(awsError('InternalServerException', 'oops'));
    await expect(call(queue)).rejects.toThrow(`Cannot ${what}: AWS answered InternalServerException: oops. `);
  });
});
