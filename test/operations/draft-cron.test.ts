import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftCron } from '../../lib/operations/draft-cron.ts';
import { tagOf } from '../../lib/operations/parameter-view.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const GOOD = { name: 'task', periodicity: '@daily', environ: { x: 1 }, timeout: '2m' };
const draft = () => draftCron(world.ports, 'default', 'a');

describe('the draft of an edit', () => {
  it('is what stands in the parameter', async () => {
    await world.save('a', { ...GOOD, uid: 'a' });
    const parameter = await world.ports.registry.read({ site: 'default', uid: 'a' });
    expect(await draft()).toEqual({ fields: GOOD, tag: parameter && tagOf(parameter), problems: [] });
  });

  it('is the rejected version with its problems, without what no cron has', async () => {
    await world.save('a', GOOD);
    await world.edit('a', JSON.stringify({ ...GOOD, periodicity: 'often', timout: 3 }));
    const { fields, problems } = await draft();
    expect(fields).toEqual({ ...GOOD, periodicity: 'often' });
    expect(problems.map(({ where }) => where).sort()).toEqual(['periodicity', 'timout']);
  });

  it('has the environ in force instead of one that is not valid', async () => {
    await world.save('a', GOOD);
    await world.edit('a', JSON.stringify({ ...GOOD, environ: 'hunter2' }));
    expect((await draft()).fields).toEqual(GOOD);
    await world.edit('b', JSON.stringify({ ...GOOD, environ: 'hunter2' }));
    expect((await draftCron(world.ports, 'default', 'b')).fields).toEqual({ ...GOOD, environ: {} });
  });

  it('is the last good version when the text is no object, without what is usual', async () => {
    await world.save('a', GOOD);
    await world.edit('a', '[hunter2');
    expect((await draft()).fields).toEqual({ ...GOOD, timeout: 120 });
  });

  it('is not there when the cron is not', async () => {
    await expect(draft()).rejects.toThrow('There is no cron "a" on the site "default".');
  });
});
