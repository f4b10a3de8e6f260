/** What a resync of many crons costs; sync.test.ts has what it repairs. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resync } from '../../../lib/core/engine/resync.ts';
import { intercept, recorded } from '../../support/faulty.ts';
import { settled } from '../../support/settled.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

it('A resync of unchanged crons queries their site twice, whatever their number', async () => {
  for (const uid of ['a', 'b', 'c']) await world.save(uid, HOURLY);
  const { port: store, calls } = recorded(world.ports.store);
  await resync({ ...world.ports, store });
  expect(calls.sort()).toEqual(['readProjection', 'readSite', 'readSite', 'sites']);
});

it('A resync projects twenty parameters at once', async () => {
  const uids = Array.from({ length: 50 }, (_, number) => `cron-${number}`);
  for (const uid of uids) await world.ports.registry.write({ site: 'default', uid }, JSON.stringify(HOURLY));
  let inProgress = 0;
  let most = 0;
  const store = intercept(world.ports.store, 'putProjection', async (call) => {
    inProgress += 1;
    most = Math.max(most, inProgress);
    await settled();
    inProgress -= 1;
    return call();
  });
  await resync({ ...world.ports, store });
  expect(most).toBe(20);
  expect(await world.timers()).toHaveLength(uids.length);
});
