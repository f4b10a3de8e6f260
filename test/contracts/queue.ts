/**
 * What every Queue must do. An adapter's test calls `queueContract` with a way to make an empty queue, and
 * `deliveryContract` where it can see what is delivered.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../lib/domain/job.ts';
import { type ParameterKey, type Timer, timerName } from '../../lib/domain/names.ts';
import type { Queue } from '../../lib/ports/queue.ts';

export interface QueueUnderTest {
  readonly queue: Queue;
  /** The time, in epoch milliseconds, as the medium has it. */
  now(): number;
  close(): Promise<void>;
}

export interface DeliveriesUnderTest extends QueueUnderTest {
  /** Lets the time go on until that time has come and what is due was delivered. */
  reach(time: number): Promise<void>;
  /** What was delivered until now, or as soon as it is that many. */
  delivered(count: number): Promise<readonly Delivery[]>;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

async function names(queue: Queue, of?: Required<ParameterKey>): Promise<string[]> {
  const found: string[] = [];
  for await (const timer of queue.timers(of)) found.push(timerName(timer));
  return found.sort();
}

/** A whole second that is that far from now. */
function fromNow({ now }: QueueUnderTest, milliseconds: number): number {
  return Math.ceil((now() + milliseconds) / SECOND) * SECOND;
}

/** The suite of the Queue port, but for deliveries. */
export function queueContract(name: string, make: () => Promise<QueueUnderTest>) {
  describe(`${name} keeps the contract of Queue`, () => {
    let made: QueueUnderTest;
    let queue: Queue;
    let timer: Timer;

    beforeEach(async () => {
      made = await make();
      queue = made.queue;
      timer = { site: 'site', uid: 'a', at: fromNow(made, HOUR) };
    });
    afterEach(() => made.close());

    test('an empty queue has no timers', async () => {
      expect(await names(queue)).toEqual([]);
      expect(await names(queue, { site: 'site', uid: 'a' })).toEqual([]);
    });

    test('a timer is listed with all that it is about', async () => {
      await queue.arm(timer);
      const listed: Timer[] = [];
      for await (const each of queue.timers()) listed.push(each);
      expect(listed).toEqual([timer]);
    });

    test('arming a timer again is fine and makes no second one', async () => {
      await queue.arm(timer);
      await queue.arm({ ...timer });
      expect(await names(queue)).toEqual([timerName(timer)]);
    });

    test('of many who arm the same timer at once none fails, and one timer stands', async () => {
      await Promise.all(Array.from({ length: 8 }, () => queue.arm(timer)));
      expect(await names(queue)).toEqual([timerName(timer)]);
    });

    test('a cron may have several timers, and each is disarmed by itself', async () => {
      const later = { ...timer, at: timer.at + SECOND };
      await queue.arm(timer);
      await queue.arm(later);
      expect(await names(queue, { site: 'site', uid: 'a' })).toEqual([timerName(timer), timerName(later)]);
      await queue.disarm(timer);
      expect(await names(queue)).toEqual([timerName(later)]);
    });

    test('disarming an absent timer is fine, also twice', async () => {
      await queue.disarm(timer);
      await queue.arm(timer);
      await queue.disarm(timer);
      await queue.disarm(timer);
      expect(await names(queue)).toEqual([]);
    });

    test('a timer that was disarmed can be armed again', async () => {
      await queue.arm(timer);
      await queue.disarm(timer);
      await queue.arm(timer);
      expect(await names(queue)).toEqual([timerName(timer)]);
    });

    test('the timers of one cron are not those of crons that are called almost the same', async () => {
      const { at } = timer;
      const others = [
        { site: 'site', uid: 'ab', at },
        { site: 'site', uid: 'a-b', at },
        { site: 'site', uid: 'a_', at },
        { site: 'site', uid: 'A', at },
        { site: 'site-a', uid: 'a', at },
        { site: 'sit', uid: 'a', at },
      ];
      for (const each of [...others, timer]) await queue.arm(each);
      expect(await names(queue, { site: 'site', uid: 'a' })).toEqual([timerName(timer)]);
      expect(await names(queue)).toEqual([...others, timer].map(timerName).sort());
    });

    test('names may be as long as names can be', async () => {
      const longest = { site: 'a-site-of-16-yes', uid: 'X'.repeat(36), at: timer.at };
      await queue.arm(longest);
      expect(await names(queue, longest)).toEqual([timerName(longest)]);
      await queue.disarm(longest);
      expect(await names(queue)).toEqual([]);
    });

    test('times may be many years ahead', async () => {
      const far = { ...timer, at: fromNow(made, 28 * YEAR) };
      await queue.arm(far);
      expect(await names(queue)).toEqual([timerName(far)]);
    });

    test('more timers than fit a page are all listed, those of one cron too', async () => {
      const many = Array.from({ length: 230 }, (_, n) => ({
        site: `site-${n % 3}`,
        uid: `cron-${Math.floor(n / 115)}`,
        at: timer.at + n * SECOND,
      }));
      await Promise.all(many.map((each) => queue.arm(each)));
      expect(await names(queue)).toEqual(many.map(timerName).sort());
      const of = { site: 'site-1', uid: 'cron-1' };
      const its = many.filter(({ site, uid }) => site === of.site && uid === of.uid);
      expect(await names(queue, of)).toEqual(its.map(timerName).sort());
    });

    test('timers can be disarmed while they are listed', async () => {
      const many = Array.from({ length: 120 }, (_, n) => ({ ...timer, uid: `cron-${n}` }));
      await Promise.all(many.map((each) => queue.arm(each)));
      for await (const each of queue.timers()) await queue.disarm(each);
      expect(await names(queue)).toEqual([]);
    });
  });
}

/** The suite of the Queue port's deliveries. */
export function deliveryContract(name: string, make: () => Promise<DeliveriesUnderTest>) {
  describe(`${name} keeps the contract of Queue's deliveries`, () => {
    let made: DeliveriesUnderTest;
    let queue: Queue;

    beforeEach(async () => {
      made = await make();
      queue = made.queue;
    });
    afterEach(() => made.close());

    test('a timer is delivered at its time, not before, and then is gone', async () => {
      const timer = { site: 'site', uid: 'a', at: fromNow(made, 3 * SECOND) };
      await queue.arm(timer);
      await made.reach(timer.at - SECOND);
      expect(await made.delivered(0)).toEqual([]);
      await made.reach(timer.at);
      expect(await made.delivered(1)).toEqual([timer]);
      expect(await names(queue)).toEqual([]);
    });

    test('a timer that was armed twice is one, and is delivered once', async () => {
      const timer = { site: 'site', uid: 'a', at: fromNow(made, 2 * SECOND) };
      await queue.arm(timer);
      await queue.arm({ ...timer });
      await made.reach(timer.at + SECOND);
      expect(await made.delivered(1)).toEqual([timer]);
    });

    test('each timer is delivered, whatever the order of arming', async () => {
      const first = { site: 'site', uid: 'b', at: fromNow(made, 2 * SECOND) };
      const second = { site: 'site', uid: 'a', at: first.at + SECOND };
      await queue.arm(second);
      await queue.arm(first);
      await made.reach(second.at);
      const delivered = await made.delivered(2);
      expect([...delivered].sort((a, b) => a.at - b.at)).toEqual([first, second]);
    });

    test('a timer that was disarmed is not delivered', async () => {
      const timer = { site: 'site', uid: 'a', at: fromNow(made, 2 * SECOND) };
      const witness = { ...timer, uid: 'witness' };
      await queue.arm(timer);
      await queue.arm(witness);
      await queue.disarm(timer);
      await made.reach(witness.at);
      expect(await made.delivered(1)).toEqual([witness]);
    });

    test('a time that has passed is delivered at once', async () => {
      const timer = { site: 'site', uid: 'a', at: fromNow(made, -HOUR) };
      await queue.arm(timer);
      expect(await made.delivered(1)).toEqual([timer]);
    });

    test('a delivery needs no timer, makes none, and keeps the id of a forced run', async () => {
      const delivery = { site: 'site', uid: 'a', at: fromNow(made, 0), forced: 'run-1' };
      await queue.deliver(delivery);
      expect(await made.delivered(1)).toEqual([delivery]);
      expect(await names(queue)).toEqual([]);
    });

    test('a delivery leaves the timer of the same cron alone', async () => {
      const timer = { site: 'site', uid: 'a', at: fromNow(made, HOUR) };
      await queue.arm(timer);
      await queue.deliver(timer);
      expect(await made.delivered(1)).toEqual([timer]);
      expect(await names(queue)).toEqual([timerName(timer)]);
    });
  });
}
