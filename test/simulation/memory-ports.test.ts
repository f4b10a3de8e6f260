/** Without faults, the simulation's ports in memory keep the same contracts as the real adapters. */

import type { Event } from '../../lib/core/domain/event.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { eventsContract } from '../contracts/events.ts';
import { deliveryContract, queueContract } from '../contracts/queue.ts';
import { registryContract } from '../contracts/registry.ts';
import { storeContract } from '../contracts/store.ts';
import { EventLoop } from './event-loop.ts';
import { type Backends, type Call, memoryPorts } from './memory-ports.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { MemoryStore } from './memory-store.ts';

const START = Date.UTC(2026, 0, 5, 12);
const callAtOnce: Call = async (_name, _key, effect) => effect(undefined);
const closed = { close: async () => undefined };

function make() {
  const loop = new EventLoop(START);
  const now = () => loop.now();
  const sent: Event[] = [];
  const deliveries: Delivery[] = [];
  const backends: Backends = {
    registry: new MemoryRegistry(now),
    store: new MemoryStore(now),
    queue: new MemoryQueue({ loop, deliver: (delivery) => deliveries.push(delivery) }),
    emit: (events) => sent.push(...events),
  };
  return { loop, backends, sent, deliveries, ports: memoryPorts(backends, callAtOnce) };
}

storeContract('The store in memory', async (clock) => {
  const { backends } = make();
  const store = new MemoryStore(() => clock.now());
  return { store: memoryPorts({ ...backends, store }, callAtOnce).store, ...closed };
});

registryContract('The registry in memory', async () => {
  const { backends, ports } = make();
  return {
    registry: ports.registry,
    marked: async (key, version) => backends.registry.isMarked(key, version),
    ...closed,
  };
});

async function makeQueue() {
  const { loop, ports, deliveries } = make();
  return {
    queue: ports.queue,
    now: () => loop.now(),
    reach: (time: number) => loop.runUntil(time),
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
