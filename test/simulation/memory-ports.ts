/**
 * The ports on backends in memory. Every call goes through a `Call`, which decides whether and when the effect and the
 * answer happen: at once in the contract tests, with latency and faults in the simulation.
 */

import type { Event } from '../../lib/core/domain/event.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Events } from '../../lib/core/ports/events.ts';
import type { Queue } from '../../lib/core/ports/queue.ts';
import type { Registry } from '../../lib/core/ports/registry.ts';
import type { Store } from '../../lib/core/ports/store.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';

/**
 * Makes the call `name` about the parameter `key`. `effect` gets the time as of which an eventually consistent read is
 * made; undefined means the present.
 */
export type Call = <Result>(
  name: string,
  key: Partial<ParameterKey>,
  effect: (asOf: number | undefined) => Result,
) => Promise<Result>;

export interface Backends {
  readonly registry: MemoryRegistry;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly emit: (events: readonly Event[]) => void;
}

/** The numbers of items on a page of a listing. */
export interface PageSizes {
  readonly registry: number;
  readonly queue: number;
}

/** So small that a listing of some crons has several pages. */
const SMALL_PAGES: PageSizes = { registry: 5, queue: 5 };

export interface MemoryPorts {
  readonly registry: Registry;
  readonly store: Store;
  readonly queue: Queue;
  readonly events: Events;
}

export function memoryPorts(backends: Backends, call: Call, pageSizes = SMALL_PAGES): MemoryPorts {
  return {
    registry: registryPort(backends.registry, call, pageSizes.registry),
    store: storePort(backends.store, call),
    queue: queuePort(backends.queue, call, pageSizes.queue),
    events: { publish: (...events) => call('events.publish', {}, () => backends.emit(events)) },
  };
}

function registryPort(registry: MemoryRegistry, call: Call, pageSize: number): Registry {
  return {
    read: (key) => call('registry.read', key, (asOf) => registry.read(key, asOf)),
    list: () => listPages(call, pageSize, 'registry.list', {}, () => registry.list()),
    write: (key, value, author) => call('registry.write', key, () => registry.write(key, value, author)),
    history: (key) => call('registry.history', key, () => registry.history(key)),
    remove: (key) => call('registry.remove', key, () => registry.remove(key)),
    labelRejected: (parameter) => call('registry.markRejected', parameter, () => registry.mark(parameter)),
    unlabelRejected: (key, version) =>
      call('registry.unmarkRejected', key, () => registry.unmark(key, version)),
  };
}

function storePort(store: MemoryStore, call: Call): Store {
  return {
    read: (site, uid) => call('store.read', { site, uid }, () => store.read(site, uid)),
    readJob: (site, uid) => call('store.readJob', { site, uid }, () => store.readJob({ site, uid })),
    readProjection: (key) => call('store.readProjection', key, () => store.readProjection(key)),
    readSite: (site) => call('store.readSite', { site }, (asOf) => store.readSite(site, asOf)),
    sites: () => call('store.sites', {}, () => store.sites()),
    putProjection: (key, projection) =>
      call('store.putProjection', key, () => store.project(key, projection)),
    commit: (job, expectedToken, records) =>
      call('store.commit', job, () => store.commit(job, expectedToken, records)),
    records: (site, uid, page) =>
      call('store.records', { site, uid }, (asOf) => store.records(site, uid, page, asOf)),
    readRecord: (site, uid, id) =>
      call('store.readRecord', { site, uid }, () => store.readRecord(site, uid, id)),
    activity: (site, page) => call('store.activity', { site }, (asOf) => store.activity(site, page, asOf)),
    attention: (page) => call('store.attention', {}, (asOf) => store.attention(page, asOf)),
    deleteRecords: (site, uid, ids) =>
      call('store.deleteRecords', { site, uid }, () => store.deleteRecords(site, uid, ids)),
  };
}

function queuePort(queue: MemoryQueue, call: Call, pageSize: number): Queue {
  return {
    arm: (timer) => call('queue.arm', timer, () => queue.arm(timer)),
    disarm: (timer) => call('queue.disarm', timer, () => queue.disarm(timer)),
    timers: (of) => listPages(call, pageSize, 'queue.timers', of ?? {}, (asOf) => queue.timers(of, asOf)),
    deliver: (delivery) => call('queue.deliver', delivery, () => queue.deliver(delivery)),
  };
}

/** Lists page by page. Each further page is another call, which may fail as well. */
async function* listPages<Item>(
  call: Call,
  pageSize: number,
  name: string,
  key: Partial<ParameterKey>,
  list: (asOf: number | undefined) => readonly Item[],
): AsyncIterable<Item> {
  const items = await call(name, key, list);
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % pageSize === 0) await call(`${name}, next page`, key, () => undefined);
    yield item;
  }
}
