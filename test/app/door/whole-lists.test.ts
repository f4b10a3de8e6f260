import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../../lib/app/door/call.ts';
import { wholeCrontab, wholeSites } from '../../../lib/app/door/whole-lists.ts';
import { editsByCalls } from '../../../lib/app/profiles/site-edits.ts';
import { logsOf } from '../../../lib/client/logs-of.ts';
import { ownCall } from '../../../lib/client/own-client.ts';
import { makeWorld, type World } from '../../support/world.ts';

const DAILY = { name: 'task', periodicity: '@daily' };

let world: World;
let call: Call;
beforeEach(() => {
  world = makeWorld();
  call = ownCall(world.ports);
});
afterEach(() => world.close());

/** The same calls, with pages of one item. */
function inPages(): Call {
  return ((id: 'listCrons', place: { site: string }, input: object) =>
    call(id, place, { ...input, count: 1 })) as Call;
}

describe('lists that are read page by page', () => {
  it('The crontab has the crons of all pages', async () => {
    for (const uid of ['a', 'b', 'c']) await world.save(uid, DAILY);
    const whole = await wholeCrontab(inPages(), 'default');
    expect(whole).toEqual(await wholeCrontab(call, 'default'));
    expect(whole.crons.map(({ uid }) => uid)).toEqual(['a', 'b', 'c']);
  });

  it('The sites are those of all pages', async () => {
    await world.save('a', DAILY);
    for (const site of ['blog', 'shop'])
      await call('addCron', { site, newSite: true }, { ...DAILY, uid: 'a' });
    const sites = await wholeSites(inPages());
    expect(sites.map(({ site }) => site)).toEqual(['blog', 'default', 'shop']);
  });

  it('The logs of crons that do not fit into one answer are asked for again', async () => {
    const uids = ['a', 'b', 'c'];
    for (const uid of uids) await world.save(uid, DAILY);
    const { crons } = await wholeCrontab(call, 'default');
    const record = { id: '1', plannedAt: 0, date: 0, status: 'OK', messages: ['x'.repeat(600_000)] };
    vi.spyOn(world.ports.store, 'records').mockResolvedValue({ records: [record] } as never);
    const last = { plannedAt: 0, date: 0, status: 'OK', messages: [] };
    const haveRun = crons.map((cron) => ({ ...cron, job: { ...cron.job, last } })) as never;
    const asked = vi.fn(call);
    const logs = await logsOf(asked as Call, 'default', haveRun);
    expect([...logs.keys()].sort()).toEqual(uids);
    expect(asked.mock.calls.length).toBeGreaterThan(1);
  });
});

it('An edit by calls knows the definition in force', async () => {
  await world.save('a', DAILY);
  expect(await editsByCalls(call, 'default').inForce('a')).toMatchObject(DAILY);
});
