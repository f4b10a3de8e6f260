/**
 * The contract of Queue. The test of an adapter calls `queueContract` with a factory of empty queues, and
 * `deliveryContract` when it can observe deliveries.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ParameterKey, type Timer, timerName } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { Queue } from '../../lib/core/ports/queue.ts';

export interface QueueUnderTest {
  readonly queue: Queue;
  /** The time of the medium, in epoch milliseconds. */
  now(): number;
  close(): Promise<void>;
}

export interface DeliveriesUnderTest extends QueueUnderTest {
  /** Advances to that time and delivers what is due. */
  reach(time: number): Promise<void>;
  /** The deliveries so far. Waits until it is that many. */
  delivered(count: number): Promise<readonly Delivery[]>;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

async function names(queue: Queue, of?: Required<ParameterKey>): Promise<string[]> {
  const timerNames: string[] = [];
  for await (const timer of queue.timers(of)) timerNames.push(timerName(timer));
  return timerNames.sort();
}

/** The first whole second after so many milliseconds from now. */
function fromNow({ now }: QueueUnderTest, milliseconds: number): number {
  return Math.ceil((now() + milliseconds) / SECOND) * SECOND;
}

/** The contract of Queue without deliveries. `make` returns an empty queue. */
export function queueContract(name: string, make: () => Promise<QueueUnderTest>) {
  describe(`${name} as Queue`, () => {
    let subject: QueueUnderTest;
    let queue: Queue;
    let timer: Timer;

    beforeEach(async () => {
      subject = await make();
      queue = subject.queue;
      timer = { site: 'site', uid: 'a', plannedAt: fromNow(subject, HOUR) };
    });
    afterEach(() => subject.close());

    test('An empty queue has no timers', async () => {
      expect(await names(queue)).toEqual([]);
      expect(await names(queue, { site: 'site', uid: 'a' })).toEqual([]);
    });

    test('A timer is listed with its site, uid and time', async () => {
      await queue.arm(timer);
      const timers: Timer[] = [];
      for await (const each of queue.timers()) timers.push(each);
      expect(timers).toEqual([timer]);
    });

    test('Arming a timer again makes no second one', async () => {
      await queue.arm(timer);
      await queue.arm({ ...timer });
      expect(await names(queue)).toEqual([timerName(timer)]);
    });

    test('Concurrent calls that arm the same timer all succeed and make one timer', async () => {
      await Promise.all(Array.from({ length: 8 }, () => queue.arm(timer)));
      expect(await names(queue)).toEqual([timerName(timer)]);
    });

    test('A cron may have several timers, and each is disarmed separately', async () => {
      const later = { ...timer, plannedAt: timer.plannedAt + SECOND };
      await queue.arm(timer);
      await queue.arm(later);
      expect(await names(queue, { site: 'site', uid: 'a' })).toEqual([timerName(timer), timerName(later)]);
      await queue.disarm(timer);
      expect(await names(queue)).toEqual([timerName(later)]);
    });

    test('Disarming an absent timer succeeds, even twice', async () => {
      await queue.disarm(timer);
      await queue.arm(timer);
      await queue.disarm(timer);
      await queue.disarm(timer);
      expect(await names(queue)).toEqual([]);
    });

    test('A timer that was disarmed can be armed again', async () => {
      await queue.arm(timer);
      await queue.disarm(timer);
      await queue.arm(timer);
      expect(await names(queue)).toEqual([timerName(timer)]);
    });

    test('The timers of one cron do not include those of crons with similar names', async () => {
      const { plannedAt } = timer;
      const others = [
        { site: 'site', uid: 'ab', plannedAt: plannedAt },
        { site: 'site', uid: 'a-b', plannedAt: plannedAt },
        { site: 'site', uid: 'a_', plannedAt: plannedAt },
        { site: 'site', uid: 'A', plannedAt: plannedAt },
        { site: 'site-a', uid: 'a', plannedAt: plannedAt },
        { site: 'sit', uid: 'a', plannedAt: plannedAt },
      ];
      for (const each of [...others, timer]) await queue.arm(each);
      expect(await names(queue, { site: 'site', uid: 'a' })).toEqual([timerName(timer)]);
      expect(await names(queue)).toEqual([...others, timer].map(timerName).sort());
    });

    test('A timer may have the longest site and uid', async () => {
      const longest = { site: 'a-site-of-16-yes', uid: 'X'.repeat(36), plannedAt: timer.plannedAt };
      await queue.arm(longest);
      expect(await names(queue, longest)).toEqual([timerName(longest)]);
      await queue.disarm(longest);
      expect(await names(queue)).toEqual([]);
    });

    test('A timer may be many years ahead', async () => {
      const far = { ...timer, plannedAt: fromNow(subject, 28 * YEAR) };
      await queue.arm(far);
      expect(await names(queue)).toEqual([timerName(far)]);
    });

    test('A list of timers that exceeds a page is complete, for all crons and for one', async () => {
      const many = Array.from({ length: 230 }, (_, n) => ({
        site: `site-${n % 3}`,
        uid: `cron-${Math.floor(n / 115)}`,
        plannedAt: timer.plannedAt + n * SECOND,
      }));
      await Promise.all(many.map((each) => queue.arm(each)));
      expect(await names(queue)).toEqual(many.map(timerName).sort());
      const of = { site: 'site-1', uid: 'cron-1' };
      const its = many.filter(({ site, uid }) => site === of.site && uid === of.uid);
      expect(await names(queue, of)).toEqual(its.map(timerName).sort());
    });

    test('Timers can be disarmed while they are listed', async () => {
      const many = Array.from({ length: 120 }, (_, n) => ({ ...timer, uid: `cron-${n}` }));
      await Promise.all(many.map((each) => queue.arm(each)));
      for await (const each of queue.timers()) await queue.disarm(each);
      expect(await names(queue)).toEqual([]);
    });
  });
}

/** The contract of Queue's deliveries. `make` returns an empty queue. */
export function deliveryContract(name: string, make: () => Promise<DeliveriesUnderTest>) {
  describe(`${name} as Queue, deliveries`, () => {
    let subject: DeliveriesUnderTest;
    let queue: Queue;

    beforeEach(async () => {
      subject = await make();
      queue = subject.queue;
    });
    afterEach(() => subject.close());

    test('A timer is delivered at its time, not before, and is then gone', async () => {
      const timer = { site: 'site', uid: 'a', plannedAt: fromNow(subject, 3 * SECOND) };
      await queue.arm(timer);
      await subject.reach(timer.plannedAt - SECOND);
      expect(await subject.delivered(0)).toEqual([]);
      await subject.reach(timer.plannedAt);
      expect(await subject.delivered(1)).toEqual([timer]);
      expect(await names(queue)).toEqual([]);
    });

    test('A timer that was armed twice is delivered once', async () => {
      const timer = { site: 'site', uid: 'a', plannedAt: fromNow(subject, 2 * SECOND) };
      await queue.arm(timer);
      await queue.arm({ ...timer });
      await subject.reach(timer.plannedAt + SECOND);
      expect(await subject.delivered(1)).toEqual([timer]);
    });

    test('Each timer is delivered, whatever the order of arming', async () => {
      const first = { site: 'site', uid: 'b', plannedAt: fromNow(subject, 2 * SECOND) };
      const second = { site: 'site', uid: 'a', plannedAt: first.plannedAt + SECOND };
      await queue.arm(second);
      await queue.arm(first);
      await subject.reach(second.plannedAt);
      const delivered = await subject.delivered(2);
      expect([...delivered].sort((a, b) => a.plannedAt - b.plannedAt)).toEqual([first, second]);
    });

    test('A timer that was disarmed is not delivered', async () => {
      const timer = { site: 'site', uid: 'a', plannedAt: fromNow(subject, 2 * SECOND) };
      const witness = { ...timer, uid: 'witness' };
      await queue.arm(timer);
      await queue.arm(witness);
      await queue.disarm(timer);
      await subject.reach(witness.plannedAt);
      expect(await subject.delivered(1)).toEqual([witness]);
    });

    test('A timer for a past time is delivered at once', async () => {
      const timer = { site: 'site', uid: 'a', plannedAt: fromNow(subject, -HOUR) };
      await queue.arm(timer);
      expect(await subject.delivered(1)).toEqual([timer]);
    });

    test('A direct delivery needs no timer, makes none, and keeps the id of a forced run', async () => {
      const delivery = { site: 'site', uid: 'a', plannedAt: fromNow(subject, 0), forced: 'run-1' };
      await queue.deliver(delivery);
      expect(await subject.delivered(1)).toEqual([delivery]);
      expect(await names(queue)).toEqual([]);
    });

    test('A direct delivery leaves the timer of the same cron alone', async () => {
      const timer = { site: 'site', uid: 'a', plannedAt: fromNow(subject, HOUR) };
      await queue.arm(timer);
      await queue.deliver(timer);
      expect(await subject.delivered(1)).toEqual([timer]);
      expect(await names(queue)).toEqual([timerName(timer)]);
    });
  });
}
