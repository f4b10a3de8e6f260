import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TurnQueue } from '../../../lib/adapters/local/turn-queue.ts';

it('So much work starts in each turn of the event loop, in the order of its arrival, although the earlier work goes on', async () => {
  const queue = new TurnQueue(2);
  const end = Promise.withResolvers<void>();
  const started: number[] = [];
  const work = (number: number) => async () => {
    started.push(number);
    await end.promise;
  };
  for (const number of [1, 2, 3]) void queue.add(work(number));
  expect(started).toEqual([]);
  await turn();
  expect(started).toEqual([1, 2]);
  await turn();
  expect(started).toEqual([1, 2, 3]);
  expect(queue.running).toBe(3);
  end.resolve();
  await queue.onIdle();
  expect(queue.running).toBe(0);
});

it('Work that fails rejects its own promise, and the queue goes on', async () => {
  const queue = new TurnQueue(1);
  const failed = queue.add(() => Promise.reject(new Error('broken')));
  const done = queue.add(async () => 'done');
  await expect(failed).rejects.toThrow('broken');
  expect(await done).toBe('done');
});

it('A queue is idle when nothing waits and nothing runs', async () => {
  const queue = new TurnQueue(1);
  await queue.onIdle();
  const ended: string[] = [];
  const both = ['a', 'b'].map((name) => queue.add(async () => void ended.push(name)));
  await queue.onIdle();
  expect(ended).toEqual(['a', 'b']);
  await Promise.all(both);
});
