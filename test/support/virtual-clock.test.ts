import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

test('A virtual clock moves only when it is advanced, and calls wakes in the order of their times', async () => {
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

test('The work that a wake starts ends before the next wake, even when it awaits many promises', async () => {
  const clock = new VirtualClock(0);
  const calls: string[] = [];
  clock.wake(1, async () => {
    for (let n = 0; n < 1_000; n++) await Promise.resolve();
    calls.push('first ended');
    clock.wake(2, () => calls.push('added meanwhile'));
  });
  clock.wake(3, () => calls.push('last'));
  await clock.advance(10);
  expect(calls).toEqual(['first ended', 'added meanwhile', 'last']);
});

test('A wake for a past time is called once without advancing, after the caller', async () => {
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

test('A wake that was cancelled is never called, even for a past time', async () => {
  const clock = new VirtualClock(0);
  let calls = 0;
  const cancels = [5, -1].map((time) => clock.wake(time, () => calls++));
  for (const cancel of [...cancels, ...cancels]) cancel();
  await clock.advance(10);
  expect(calls).toBe(0);
});

test('A clock that is set back calls no wake early, and one that is set forward calls due wakes at the next advance', async () => {
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
