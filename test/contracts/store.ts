/**
 * The contract of Store. The test of an adapter calls `storeContract` with a factory of empty stores; that test also
 * covers what only its medium can show: calls, the layout of a table, formats.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../lib/core/ports/clock.ts';
import type { Store } from '../../lib/core/ports/store.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { commitContract } from './store-commit.ts';
import { projectionContract } from './store-projections.ts';
import { recordContract } from './store-records.ts';
import { siteContract } from './store-sites.ts';
import { NOW } from './store-subjects.ts';

/** `make` returns an empty store that reads that clock and keeps run records for 90 days; `close` releases its resources. */
export function storeContract(
  name: string,
  make: (clock: Clock) => Promise<{ store: Store; close(): Promise<void> }>,
) {
  describe(`${name} as Store`, () => {
    let clock: VirtualClock;
    let store: Store;
    let close: () => Promise<void>;

    beforeEach(async () => {
      clock = new VirtualClock(NOW);
      const made = await make(clock);
      store = made.store;
      close = () => made.close();
    });
    afterEach(() => close());

    test('An empty store has no cron, parameter, site or run record', async () => {
      const page = { limit: 10 };
      expect(await store.read('site', 'a')).toEqual({});
      expect(await store.readJob('site', 'a')).toBeUndefined();
      expect(await store.readProjection({ site: 'site', uid: 'a' })).toBeUndefined();
      expect(await store.readProjection({ site: 'site' })).toBeUndefined();
      expect(await store.readSite('site')).toEqual({ crons: [] });
      expect(await store.sites()).toEqual([]);
      expect(await store.records('site', 'a', page)).toEqual({ records: [] });
      expect(await store.readRecord('site', 'a', '1767614400')).toBeUndefined();
      expect(await store.activity('site', page)).toEqual({ records: [] });
      expect(await store.attention(page)).toEqual({ records: [] });
      expect(await store.deleteRecords('site', 'a', ['1767614400'])).toBe(0);
    });

    const subject = () => ({ store, clock });
    describe('projections', () => projectionContract(subject));
    describe('sites', () => siteContract(subject));
    describe('commits', () => commitContract(subject));
    describe('run records', () => recordContract(subject));
  });
}
