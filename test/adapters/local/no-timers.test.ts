import { expect, it } from 'vitest';
import { noTimers } from '../../../lib/adapters/local/no-timers.ts';
import type { Timer } from '../../../lib/core/domain/names.ts';
import { jobOf, NOW, saved } from '../../contracts/store-subjects.ts';
import { MemoryStore } from '../../simulation/memory-store.ts';

it('A queue without timers lists the occurrences that jobs have armed, and changes none of them', async () => {
  const memory = new MemoryStore(() => NOW);
  memory.project({ site: 'site', uid: 'a' }, saved('a'));
  memory.commit(jobOf('a', 'one'), undefined, []);
  memory.commit(jobOf('b', 'one', { armedAt: undefined }), undefined, []);
  const queue = noTimers({
    sites: async () => memory.sites(),
    readSite: async (site) => memory.readSite(site),
  });
  const timer: Timer = { site: 'site', uid: 'a', plannedAt: NOW };
  await queue.arm({ ...timer, uid: 'b' });
  await queue.deliver({ ...timer, uid: 'c' });
  await queue.disarm(timer);
  expect(await Array.fromAsync(queue.timers())).toEqual([timer]);
});
