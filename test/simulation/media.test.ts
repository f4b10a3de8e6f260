/** The simulation's media keep the contracts when nothing is injected: otherwise it would prove nothing. */
import type { Delivery } from '../../lib/domain/job.ts';
import { dueTime } from '../../lib/domain/job.ts';
import type { Event } from '../../lib/ports/events.ts';
import { SETTLE_GRACE } from '../../lib/ports/store.ts';
import { eventsContract } from '../contracts/events.ts';
import { deliveryContract, queueContract } from '../contracts/queue.ts';
import { registryContract } from '../contracts/registry.ts';
import { storeContract } from '../contracts/store.ts';
import { type Call, type Media, portsOn } from './calls.ts';
import { Loop } from './loop.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { MemoryStore } from './memory-store.ts';

const START = Date.UTC(2026, 0, 5, 12);
const immediately: Call = async (_name, _key, effect) => effect(undefined);
const closed = { close: async () => undefined };

function make() {
  const loop = new Loop(START);
  const now = () => loop.now();
  const sent: Event[] = [];
  const deliveries: Delivery[] = [];
  const media: Media = {
    registry: new MemoryRegistry(now),
    store: new MemoryStore(now, { dueTime, settleGrace: SETTLE_GRACE }),
    queue: new MemoryQueue({ loop, deliver: (delivery) => deliveries.push(delivery) }),
    emit: (events) => sent.push(...events),
  };
  return { loop, media, sent, deliveries, ports: portsOn(media, immediately) };
}

storeContract('The store in memory', async () => ({ store: make().ports.store, ...closed }));

registryContract('The registry in memory', async () => {
  const { media, ports } = make();
  return {
    registry: ports.registry,
    marked: async (key, version) => media.registry.isMarked(key, version),
    ...closed,
  };
});

async function makeQueue() {
  const { loop, ports, deliveries } = make();
  return {
    queue: ports.queue,
    now: () => loop.now(),
    reach: (time: number) => loop.reach(time),
    delivered: async () => deliveries,
    ...closed,
  };
}

queueContract('The queue in memory', makeQueue);
deliveryContract('The queue in memory', makeQueue);

eventsContract('The bus in memory', async () => {
  const { ports, sent } = make();
  return { events: ports.events, received: async () => sent, ...closed };
});
