import { expect, test } from 'vitest';
import { TimerQueue } from '../../../lib/adapters/local/timer-queue.ts';
import type { Delivery } from '../../../lib/core/domain/occurrence.ts';
import { deliveryContract, queueContract } from '../../contracts/queue.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOON = Date.parse('2026-03-02T12:00:00.250Z');
const TIMER = { site: 'site', uid: 'a', plannedAt: Date.parse('2026-03-02T13:00:00Z') };

function setup() {
  const clock = new VirtualClock(NOON);
  const deliveries: Delivery[] = [];
  const queue = new TimerQueue(clock, (delivery) => deliveries.push(delivery));
  return { clock, deliveries, queue };
}

async function make() {
  const { clock, deliveries, queue } = setup();
  return {
    queue,
    now: () => clock.now(),
    reach: (time: number) => clock.advanceTo(time),
    delivered: async () => {
      await clock.advance(0);
      return deliveries;
    },
    close: async () => queue.close(),
  };
}

queueContract('TimerQueue', make);
deliveryContract('TimerQueue', make);

test('TimerQueue delivers nothing before arm and deliver have returned', async () => {
  const { clock, deliveries, queue } = setup();
  const armed = queue.arm({ ...TIMER, plannedAt: NOON - 1 });
  const accepted = queue.deliver(TIMER);
  await armed;
  await accepted;
  expect(deliveries).toEqual([]);
  await clock.advance(0);
  expect(deliveries).toEqual([{ ...TIMER, plannedAt: NOON - 1 }, TIMER]);
});

test('A delivery can arm the next timer of its cron', async () => {
  const clock = new VirtualClock(NOON);
  const times: number[] = [];
  const queue: TimerQueue = new TimerQueue(clock, ({ site, uid, plannedAt }) => {
    times.push(clock.now());
    void queue.arm({ site, uid, plannedAt: plannedAt + 60_000 });
  });
  await queue.arm(TIMER);
  await clock.advanceTo(TIMER.plannedAt + 150_000);
  expect(times).toEqual([TIMER.plannedAt, TIMER.plannedAt + 60_000, TIMER.plannedAt + 120_000]);
  queue.close();
});

test('A closed TimerQueue delivers nothing, arms nothing and leaves no timer', async () => {
  const { clock, deliveries, queue } = setup();
  await queue.arm(TIMER);
  await queue.deliver(TIMER);
  queue.close();
  await queue.arm({ ...TIMER, uid: 'b' });
  await queue.deliver(TIMER);
  await clock.advanceTo(TIMER.plannedAt + 1);
  expect(deliveries).toEqual([]);
  expect(clock.waiting).toBe(0);
  expect(await Array.fromAsync(queue.timers())).toEqual([]);
});
