import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SetUpPorts, setUp } from '../../lib/aws/set-up.ts';
import { profileIn } from '../profiles/support.ts';
import { faulty } from '../support/faulty.ts';
import { MemoryProfileHashes } from '../support/memory-profile-hashes.ts';
import { makeWorld, type World } from '../support/world.ts';

const FIRST = { sites: ['default', 'shop'], timezone: 'Europe/Paris' };

let world: World;
let ports: SetUpPorts;
beforeEach(() => {
  world = makeWorld();
  ports = { ...world.ports, hashes: new MemoryProfileHashes() };
});
afterEach(() => world.close());

const crontabOf = async (site: string) => (await world.ports.registry.read({ site }))?.value;

describe('setting up a deployment', () => {
  it('gives its sites a crontab that a person can edit', async () => {
    await setUp(ports, FIRST);
    const text = '{\n  "activated": true,\n  "readOnly": false,\n  "timezone": "Europe/Paris"\n}';
    expect(await crontabOf('default')).toBe(text);
    expect(await crontabOf('shop')).toBe(text);
  });

  it('leaves a crontab that exists as a person wrote it', async () => {
    await world.ports.registry.write({ site: 'shop' }, '{"activated":false}');
    await setUp(ports, FIRST);
    expect(await crontabOf('shop')).toBe('{"activated":false}');
  });

  it('restores every site, also those it was not told of', async () => {
    await world.ports.registry.write(
      { site: 'other', uid: 'a' },
      JSON.stringify({ name: 'task', periodicity: '0 * * * *' }),
    );
    await setUp(ports, FIRST);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('waits until AWS knows the new roles', async () => {
    const store = faulty(world.ports.store, 'sites', 'before', 2);
    const done = setUp({ ...ports, store }, FIRST);
    await world.clock.advance(20_000);
    await done;
    expect(world.log.messages('warn')).toEqual(Array(2).fill('The deployment is not ready yet'));
    expect(world.eventTypes()).toContain('ServerRestart');
  });

  it('fails the deployment after the third time', async () => {
    const store = faulty(world.ports.store, 'sites', 'before', 3);
    const failed = expect(setUp({ ...ports, store }, FIRST)).rejects.toThrow(
      'sites failed before its effect',
    );
    await world.clock.advance(20_000);
    await failed;
  });

  it('applies profiles, also of sites that it was not told of, and arms their timers', async () => {
    const crons = 'crons: [{uid: a, name: task, periodicity: "0 * * * *"}]';
    await setUp(ports, FIRST, { fresh: profileIn(crons) });
    expect(await crontabOf('fresh')).toContain('"timezone": "Europe/Paris"');
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('fails the deployment at once, and changes nothing of the site, when a profile is not valid', async () => {
    const crons =
      'crons: [{uid: a, name: task, periodicity: "@daily"}, {uid: b, name: tusk, periodicity: "@daily"}]';
    await expect(setUp(ports, FIRST, { shop: profileIn(crons) })).rejects.toThrow(
      'name: got "tusk", wanted the name of a runner',
    );
    expect(await ports.registry.read({ site: 'shop', uid: 'a' })).toBeUndefined();
  });
});
