/**
 * The ports, on top of the media in memory. Every call goes through a `Call`, which decides whether and when it has its
 * effect and its answer: at once in the contracts' tests, as badly as it likes in the simulation.
 */
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Event, Events } from '../../lib/ports/events.ts';
import type { Queue } from '../../lib/ports/queue.ts';
import type { Registry } from '../../lib/ports/registry.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';

/**
 * Makes a call: `name` says which, `key` about what. `effect` gets the time as of which an index is read, which for
 * the present is nothing.
 */
export type Call = <Result>(
  name: string,
  key: Partial<ParameterKey>,
  effect: (asOf: number | undefined) => Result,
) => Promise<Result>;

export interface Media {
  readonly registry: MemoryRegistry;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly emit: (events: readonly Event[]) => void;
}

/** How many items a page of a listing has. */
const PAGE = 5;

export interface MediaPorts {
  readonly registry: Registry;
  readonly store: Store;
  readonly queue: Queue;
  readonly events: Events;
}

export function portsOn(media: Media, call: Call): MediaPorts {
  return {
    registry: registryOn(media.registry, call),
    store: storeOn(media.store, call),
    queue: queueOn(media.queue, call),
    events: { emit: (...events) => call('events.emit', {}, () => media.emit(events)) },
  };
}

function registryOn(medium: MemoryRegistry, call: Call): Registry {
  return {
    read: (key) => call('registry.read', key, () => medium.read(key)),
    list: () => each(call, 'registry.list', {}, () => medium.list()),
    write: (key, value, author) => call('registry.write', key, () => medium.write(key, value, author)),
    history: (key) => call('registry.history', key, () => medium.history(key)),
    remove: (key) => call('registry.remove', key, () => medium.remove(key)),
    markRejected: (one) => call('registry.markRejected', one, () => medium.mark(one)),
    unmarkRejected: (key, version) => call('registry.unmarkRejected', key, () => medium.unmark(key, version)),
  };
}

function storeOn(medium: MemoryStore, call: Call): Store {
  return {
    read: (site, uid) => call('store.read', { site, uid }, () => medium.read(site, uid)),
    readProjection: (key) => call('store.readProjection', key, () => medium.readProjection(key)),
    readSite: (site) => call('store.readSite', { site }, (asOf) => medium.readSite(site, asOf)),
    sites: () => call('store.sites', {}, () => medium.sites()),
    project: (key, projection) => call('store.project', key, () => medium.project(key, projection)),
    settle: (key, seen) => call('store.settle', key, () => medium.settle(key, seen)),
    saveJob: (job) => call('store.saveJob', job, () => medium.saveJob(job)),
    removeJob: (job) => call('store.removeJob', job, () => medium.removeJob(job)),
    overdue: (now) => each(call, 'store.overdue', {}, (asOf) => medium.overdue(now, asOf)),
    armed: () => each(call, 'store.armed', {}, (asOf) => medium.armed(asOf)),
  };
}

function queueOn(medium: MemoryQueue, call: Call): Queue {
  return {
    arm: (timer) => call('queue.arm', timer, () => medium.arm(timer)),
    disarm: (timer) => call('queue.disarm', timer, () => medium.disarm(timer)),
    timers: (of) => each(call, 'queue.timers', of ?? {}, (asOf) => medium.timers(of, asOf)),
    deliver: (delivery) => call('queue.deliver', delivery, () => medium.deliver(delivery)),
  };
}

/** What a call lists, page by page: each further page is a call of its own, which may go wrong as well. */
async function* each<Item>(
  call: Call,
  name: string,
  key: Partial<ParameterKey>,
  list: (asOf: number | undefined) => readonly Item[],
): AsyncIterable<Item> {
  const items = await call(name, key, list);
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % PAGE === 0) await call(`${name}, next page`, key, () => undefined);
    yield item;
  }
}
