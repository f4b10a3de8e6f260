import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftCron } from '../../../lib/app/operations/draft-cron.ts';
import { tagOf } from '../../../lib/app/operations/parameter-view.ts';
import { NotFoundError } from '../../../lib/core/domain/errors.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const GOOD = { name: 'task', periodicity: '@daily', environ: { x: 1 }, timeout: '2m' };
const draft = () => draftCron(world.ports, 'default', 'a');

describe('draftCron', () => {
  it('A draft holds the fields of the parameter', async () => {
    await world.save('a', { ...GOOD, uid: 'a' });
    const parameter = await world.ports.registry.read({ site: 'default', uid: 'a' });
    expect(await draft()).toEqual({ fields: GOOD, tag: parameter && tagOf(parameter), problems: [] });
  });

  it('A draft leaves out fields that are null in the parameter', async () => {
    await world.edit('a', JSON.stringify({ ...GOOD, environ: null, activated: null, timeout: null }));
    expect(await draft()).toMatchObject({ fields: { name: 'task', periodicity: '@daily' }, problems: [] });
    expect(Object.keys((await draft()).fields)).toEqual(['name', 'periodicity']);
  });

  it('A draft of a rejected version holds its fields and problems, without unknown fields', async () => {
    await world.save('a', GOOD);
    await world.edit('a', JSON.stringify({ ...GOOD, periodicity: 'often', timout: 3 }));
    const { fields, problems } = await draft();
    expect(fields).toEqual({ ...GOOD, periodicity: 'often' });
    expect(problems.map(({ where }) => where).sort()).toEqual(['periodicity', 'timout']);
  });

  it('A draft has the environ as it is written, also if it is not valid', async () => {
    await world.save('a', GOOD);
    await world.edit('a', JSON.stringify({ ...GOOD, environ: 'none' }));
    expect((await draft()).fields).toEqual({ ...GOOD, environ: 'none' });
  });

  it('A draft of a text that is not an object holds the fields in force, without defaults', async () => {
    await world.save('a', GOOD);
    await world.edit('a', '[hunter2');
    expect((await draft()).fields).toEqual({ ...GOOD, timeout: 120 });
  });

  it('A draft of an unknown cron is refused', async () => {
    await expect(draft()).rejects.toThrow(NotFoundError);
  });
});
