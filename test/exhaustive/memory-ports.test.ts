/** The explorer's ports in memory keep the same contracts as the real adapters. */
import { queueContract } from '../contracts/queue.ts';
import { storeContract } from '../contracts/store.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryStore } from './memory-store.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

storeContract('The store of a world', async (clock) => ({
  store: new MemoryStore(() => clock.now()),
  close: async () => undefined,
}));

queueContract('The queue of a world', async () => ({
  queue: new MemoryQueue(
    () => NOW,
    () => {},
  ),
  now: () => NOW,
  close: async () => undefined,
}));
