import { expect, it } from 'vitest';
import { noTimers } from '../../../lib/adapters/local/no-timers.ts';
import type { Timer } from '../../../lib/core/domain/names.ts';

it('A queue without timers lists the occurrences that jobs have armed, and changes none of them', async () => {
  const timer: Timer = { site: 'default', uid: 'a', plannedAt: 0 };
  const queue = noTimers({
    async *armed() {
      yield timer;
    },
  });
  await queue.arm({ ...timer, uid: 'b' });
  await queue.deliver({ ...timer, uid: 'c' });
  await queue.disarm(timer);
  expect(await Array.fromAsync(queue.timers())).toEqual([timer]);
});
