import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropLimits, type LimitsPorts, type SetupPorts, setLimits, setup } from '../../lib/app/setup.ts';
import type { Grant } from '../../lib/core/domain/access.ts';
import { ConfigurationError, UnavailableError } from '../../lib/core/domain/errors.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { faulty } from '../support/faulty.ts';
import { MemoryProfileHashes } from '../support/memory-profile-hashes.ts';
import { makeWorld, type World } from '../support/world.ts';
import { profileIn } from './profiles/support.ts';

const FIRST = { sites: ['default', 'shop'], timezone: 'Europe/Paris', access: [] };

let world: World;
let ports: SetupPorts;
beforeEach(() => {
  world = makeWorld();
  ports = {
    ...world.ports,
    hashes: new MemoryProfileHashes(),
    access: { replace: async () => {} },
    requireFormat: async () => {},
    publishCatalogue: async () => {},
    resync: async () => {
      await resync(world.ports);
      return true;
    },
  };
});
afterEach(() => world.close());

const crontabOf = async (site: string) => (await world.ports.registry.read({ site }))?.value;

describe('setup', () => {
  it('setup creates a crontab parameter for each site, formatted for editing', async () => {
    await setup(ports, FIRST);
    const text = '{\n  "activated": true,\n  "readOnly": false,\n  "timezone": "Europe/Paris"\n}';
    expect(await crontabOf('default')).toBe(text);
    expect(await crontabOf('shop')).toBe(text);
  });

  it('setup writes the roles, then the catalogue, once the format of the table is known', async () => {
    const calls: unknown[] = [];
    const access: readonly Grant[] = [{ principal: '*', role: 'editor' }];
    await setup(
      {
        ...ports,
        requireFormat: async () => void calls.push('format'),
        access: { replace: async (grants) => void calls.push(grants) },
        publishCatalogue: async () => void calls.push('catalogue'),
      },
      { ...FIRST, access },
    );
    expect(calls).toEqual(['format', access, 'catalogue']);
  });

  it('setup removes the roles of a deployment that has none any more', async () => {
    const written: unknown[] = [];
    await setup({ ...ports, access: { replace: async (grants) => void written.push(grants) } }, FIRST);
    expect(written).toEqual([[]]);
  });

  it('setup keeps a crontab parameter that exists', async () => {
    await world.ports.registry.write({ site: 'shop' }, '{"activated":false}');
    await setup(ports, FIRST);
    expect(await crontabOf('shop')).toBe('{"activated":false}');
  });

  it('setup resyncs every site, including those that the deployment does not name', async () => {
    await world.ports.registry.write(
      { site: 'other', uid: 'a' },
      JSON.stringify({ name: 'task', periodicity: '0 * * * *' }),
    );
    await setup(ports, FIRST);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('setup retries until AWS knows the new roles', async () => {
    const registry = faulty(world.ports.registry, 'write', 'before', 2);
    const done = setup({ ...ports, registry }, FIRST);
    await world.clock.advance(20_000);
    await done;
    const warnings = world.logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ fields }) => fields.code)).toEqual(['setup-repeated', 'setup-repeated']);
    expect(world.eventTypes()).toContain('ServerRestart');
  });

  it('setup fails at once if the store has another format, and changes nothing', async () => {
    const error = new ConfigurationError('another format');
    const requireFormat = () => Promise.reject(error);
    await expect(setup({ ...ports, requireFormat }, FIRST)).rejects.toBe(error);
    expect(await crontabOf('default')).toBeUndefined();
  });

  it('setup fails after the third attempt', async () => {
    const failing = async () => Promise.reject(new UnavailableError('The resync failed: throttled'));
    const failed = expect(setup({ ...ports, resync: failing }, FIRST)).rejects.toThrow(
      'The resync failed: throttled',
    );
    await world.clock.advance(20_000);
    await failed;
  });

  it('setup waits a minute for the resync and leaves a longer one to go on', async () => {
    const waits: number[] = [];
    const long = async (waitMs: number) => {
      waits.push(waitMs);
      return false;
    };
    await setup({ ...ports, resync: long }, FIRST);
    expect(waits).toEqual([60_000]);
    expect(world.logger.lines.at(-1)).toMatchObject({ level: 'info', fields: { code: 'resync-goes-on' } });
  });

  it('setup applies profiles, including those of sites that the deployment does not name, and arms their timers', async () => {
    const crons = 'crons: [{uid: a, name: task, periodicity: "0 * * * *"}]';
    await setup(ports, FIRST, { fresh: profileIn(crons) });
    expect(await crontabOf('fresh')).toContain('"timezone": "Europe/Paris"');
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('setup fails without a retry and without changing the site when a profile is invalid', async () => {
    const crons =
      'crons: [{uid: a, name: task, periodicity: "@daily"}, {uid: b, name: tusk, periodicity: "@daily"}]';
    await expect(setup(ports, FIRST, { shop: profileIn(crons) })).rejects.toMatchObject({
      problems: [{ uid: 'b', where: 'name', got: '"tusk"' }],
    });
    expect(await ports.registry.read({ site: 'shop', uid: 'a' })).toBeUndefined();
  });
});

describe('the limits', () => {
  const limits = { shop: { allowedHosts: ['api.example.com'] } };
  const limitsPorts = (changes: Partial<LimitsPorts> = {}): LimitsPorts => ({
    ...world.ports,
    requireFormat: async () => {},
    write: async () => 'limits-1',
    expire: async () => {},
    ...changes,
  });

  it('setLimits writes the limits once the format of the table is known, and returns their id', async () => {
    const calls: unknown[] = [];
    const written = limitsPorts({
      requireFormat: async () => void calls.push('format'),
      write: async (given) => {
        calls.push(given);
        return 'limits-2';
      },
    });
    expect(await setLimits(written, limits)).toBe('limits-2');
    expect(calls).toEqual(['format', limits]);
  });

  it('setLimits retries until AWS knows the new roles', async () => {
    let attempts = 0;
    const write = async () => {
      attempts += 1;
      if (attempts < 3) throw new UnavailableError('not yet');
      return 'limits-1';
    };
    const done = setLimits(limitsPorts({ write }), limits);
    await world.clock.advance(20_000);
    expect(await done).toBe('limits-1');
  });

  it('dropLimits lets no deployment fail when the limits cannot be changed', async () => {
    const expire = async () => Promise.reject(new UnavailableError('no table'));
    await dropLimits(limitsPorts({ expire }), 'limits-1');
    expect(world.logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'limits-kept' } });
  });
});
