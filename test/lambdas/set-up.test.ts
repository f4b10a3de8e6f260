import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setUp } from '../../lib/aws/set-up.ts';
import { faulty } from '../support/faulty.ts';
import { makeWorld, type World } from '../support/world.ts';

const FIRST = { sites: ['default', 'shop'], timezone: 'Europe/Paris' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const crontabOf = async (site: string) => (await world.ports.registry.read({ site }))?.value;

describe('setting up a deployment', () => {
  it('gives its sites a crontab that a person can edit', async () => {
    await setUp(world.ports, FIRST);
    const text = '{\n  "activated": true,\n  "readOnly": false,\n  "timezone": "Europe/Paris"\n}';
    expect(await crontabOf('default')).toBe(text);
    expect(await crontabOf('shop')).toBe(text);
  });

  it('leaves a crontab that exists as a person wrote it', async () => {
    await world.ports.registry.write({ site: 'shop' }, '{"activated":false}');
    await setUp(world.ports, FIRST);
    expect(await crontabOf('shop')).toBe('{"activated":false}');
  });

  it('restores every site, also those it was not told of', async () => {
    await world.ports.registry.write(
      { site: 'other', uid: 'a' },
      JSON.stringify({ name: 'task', periodicity: '0 * * * *' }),
    );
    await setUp(world.ports, FIRST);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('waits until AWS knows the new roles', async () => {
    const store = faulty(world.ports.store, 'sites', 'before', 2);
    const done = setUp({ ...world.ports, store }, FIRST);
    await world.clock.advance(20_000);
    await done;
    expect(world.log.messages('warn')).toEqual(Array(2).fill('The deployment is not ready yet'));
    expect(world.eventTypes()).toContain('ServerRestart');
  });

  it('fails the deployment after the third time', async () => {
    const store = faulty(world.ports.store, 'sites', 'before', 3);
    const failed = expect(setUp({ ...world.ports, store }, FIRST)).rejects.toThrow(
      'sites failed before its effect',
    );
    await world.clock.advance(20_000);
    await failed;
  });
});
