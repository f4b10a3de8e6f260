import { expect, it } from 'vitest';
import { invokeResync } from '../../../lib/adapters/aws/resync-function.ts';
import type { FunctionEnd, Functions } from '../../../lib/core/ports/functions.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Functions whose only one ends as asked, or at the abort. */
function functions(end?: FunctionEnd) {
  const invoked: unknown[] = [];
  const port: Functions = {
    invoke: (name, payload, signal) => {
      invoked.push([name, payload]);
      return new Promise((resolve, reject) => {
        if (end) resolve(end);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
  };
  return { port, invoked };
}

const MINUTE = 60_000;

it('A resync that ends within the wait is done', async () => {
  const { port, invoked } = functions({ kind: 'returned', value: null });
  expect(await invokeResync(port, new VirtualClock(0), 'sync', MINUTE)).toBe(true);
  expect(invoked).toEqual([['sync', { task: 'resync' }]]);
});

it('A resync that still runs after the wait goes on without its caller', async () => {
  const clock = new VirtualClock(0);
  const done = invokeResync(functions().port, clock, 'sync', MINUTE);
  await clock.advance(MINUTE);
  expect(await done).toBe(false);
});

it('A resync that fails within the wait throws the message of the function', async () => {
  const { port } = functions({ kind: 'failed', message: 'The resync could not repair everything' });
  await expect(invokeResync(port, new VirtualClock(0), 'sync', MINUTE)).rejects.toMatchObject({
    name: 'UnavailableError',
    message: 'The resync failed: The resync could not repair everything',
  });
});
