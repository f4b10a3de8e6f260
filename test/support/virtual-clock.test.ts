import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

test('time stands still until it is advanced, and wakes come in the order of their times', async () => {
  const clock = new VirtualClock(1_000);
  const calls: [string, number][] = [];
  for (const [name, time] of [
    ['late', 1_300],
    ['early', 1_100],
    ['same', 1_100],
    ['never', 1_301],
  ] as const) {
    clock.wake(time, () => calls.push([name, clock.now()]));
  }
  await clock.advanceTo(1_000);
  expect(calls).toEqual([]);
  await clock.advance(300);
  expect(calls).toEqual([
    ['early', 1_100],
    ['same', 1_100],
    ['late', 1_300],
  ]);
  expect(clock.now()).toBe(1_300);
  expect(clock.waiting).toBe(1);
});

test('what a wake starts has ended before the next wake, also what waits for many promises', async () => {
  const clock = new VirtualClock(0);
  const calls: string[] = [];
  clock.wake(1, async () => {
    for (let n = 0; n < 1_000; n++) await Promise.resolve();
    calls.push('first ended');
    clock.wake(2, () => calls.push('asked for on the way'));
  });
  clock.wake(3, () => calls.push('last'));
  await clock.advance(10);
  expect(calls).toEqual(['first ended', 'asked for on the way', 'last']);
});

test('a time that has passed comes without advancing, after the caller, once', async () => {
  const clock = new VirtualClock(1_000);
  let calls = 0;
  await new Promise<void>((resolve) => {
    clock.wake(999, () => {
      calls += 1;
      resolve();
    });
    expect(calls).toBe(0);
  });
  await clock.advance(1);
  expect(calls).toBe(1);
});

test('a wake that is called off never comes, a passed one neither', async () => {
  const clock = new VirtualClock(0);
  let calls = 0;
  const callOff = [5, -1].map((time) => clock.wake(time, () => calls++));
  for (const off of [...callOff, ...callOff]) off();
  await clock.advance(10);
  expect(calls).toBe(0);
});

test('after the clock was set back nothing comes early; after it was set ahead, what is due comes at once', async () => {
  const clock = new VirtualClock(1_000);
  const calls: number[] = [];
  clock.wake(1_500, () => calls.push(clock.now()));
  clock.set(100);
  await clock.advance(1_000);
  expect(calls).toEqual([]);
  clock.set(9_000);
  await clock.advance(0);
  expect(calls).toEqual([9_000]);
});
