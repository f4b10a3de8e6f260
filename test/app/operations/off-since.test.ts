import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { offSince, offText } from '../../../lib/app/operations/off-since.ts';
import { readCron } from '../../../lib/app/operations/read.ts';
import { switchCron } from '../../../lib/app/operations/switch-cron.ts';
import { switchSite } from '../../../lib/app/operations/switch-site.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

const off = async () => offSince(world.ports, await readCron(world.ports, 'default', 'a'));
const by = (name: string) => ({ ...world.ports, by: name });

describe('offSince', () => {
  it('A cron that is on is not off', async () => {
    expect(await off()).toBeUndefined();
  });

  it('It names the user, the note and the time of the switch, not of a later edit', async () => {
    await switchCron(by('ana'), 'default', 'a', { activated: false, note: 'the database: moves' });
    const since = (await off())?.since;
    await world.clock.advance(60_000);
    await world.edit('a', '{"name":"task","periodicity":"@daily","activated":false}');
    expect(await off()).toEqual({ since, by: 'ana', note: 'the database: moves' });
  });

  it('For a crontab that is off it names its switch', async () => {
    await switchSite(by('bo'), 'default', { activated: false });
    expect(await off()).toEqual({ since: expect.any(Number), by: 'bo' });
  });

  it('A cron that was off from its first version on is off since then, by an unknown user', async () => {
    await world.save('b', { name: 'task', periodicity: '@daily', activated: false });
    const found = await offSince(world.ports, await readCron(world.ports, 'default', 'b'));
    expect(found).toEqual({ since: expect.any(Number) });
  });

  it('A registry that does not answer, or has no such version, leaves it out, and any other error is thrown', async () => {
    await switchCron(world.ports, 'default', 'a', { activated: false });
    world.ports.registry.history = async () => [];
    expect(await off()).toBeUndefined();
    world.ports.registry.history = () => Promise.reject(new UnavailableError('It is busy.'));
    expect(await off()).toBeUndefined();
    world.ports.registry.history = () => Promise.reject(new TypeError('a defect'));
    await expect(off()).rejects.toThrow(TypeError);
  });
});

describe('offText', () => {
  it('It has what is known', () => {
    expect(offText({ since: 0, by: 'ana', note: 'moving' })).toBe(' by ana: moving');
    expect(offText({ since: 0 })).toBe('');
  });
});
