import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddPorts, addCron } from '../../../lib/app/operations/add-cron.ts';
import { editCron } from '../../../lib/app/operations/edit-cron.ts';
import { editSettings } from '../../../lib/app/operations/edit-settings.ts';
import { readCrontab } from '../../../lib/app/operations/read.ts';
import { removeCron } from '../../../lib/app/operations/remove-cron.ts';
import { applyPlan, type Progress } from '../../../lib/app/profiles/apply.ts';
import { exportOf, readCurrentSite } from '../../../lib/app/profiles/current-site.ts';
import { type ProfilePlan, planProfile } from '../../../lib/app/profiles/plan.ts';
import { editsByPorts } from '../../../lib/app/profiles/site-edits.ts';
import {
  AlreadyExistsError,
  NotFoundError,
  ReadOnlyError,
  UnavailableError,
  VersionConflictError,
} from '../../../lib/core/domain/errors.ts';
import { makeWorld, type World } from '../../support/world.ts';
import { anyRunner, profileIn } from './support.ts';

let world: World;
let ports: AddPorts;
let writes: string[];

beforeEach(() => {
  world = makeWorld();
  writes = [];
  const { registry } = world.ports;
  const counting = new Proxy(registry, {
    get: (target, name: keyof typeof registry) => {
      const method = target[name].bind(target) as (...args: unknown[]) => unknown;
      if (name !== 'write' && name !== 'remove') return method;
      return (key: { uid?: string }, ...rest: unknown[]) => {
        writes.push(`${name} ${key.uid ?? 'crontab'}`);
        return method(key, ...rest);
      };
    },
  });
  ports = { ...world.ports, registry: counting, runners: anyRunner, by: 'anna' };
});
afterEach(() => world.close());

async function planned(text: string, site = 'default', prune = false): Promise<ProfilePlan> {
  const options = { now: world.clock.now(), runners: anyRunner, prune };
  return planProfile(profileIn(text), await readCurrentSite(ports, site), options);
}

/** Applies the plan by ports, as the setup of a deployment does. */
function apply(to: AddPorts, plan: ProfilePlan, ...rest: [((progress: Progress) => void)?, AbortSignal?]) {
  return applyPlan(editsByPorts(to, plan.site), plan, ...rest);
}

const THREE = `
crontab: {timezone: Europe/Paris}
crons:
  - {uid: a, name: one, periodicity: "@daily"}
  - {uid: b, name: two, periodicity: "@daily", environ: {x: 1}}
  - {uid: c, name: three, periodicity: "@daily", timeout: 2m}
`;

describe('applying a plan', () => {
  it('applyPlan writes each parameter once and reports its progress after each', async () => {
    const reports: Progress[] = [];
    expect(await apply(ports, await planned(THREE), (progress) => reports.push(progress))).toEqual({
      written: 4,
      done: 4,
      of: 4,
    });
    expect(writes.toSorted()).toEqual(['write a', 'write b', 'write c', 'write crontab']);
    expect(reports.map(({ done, of }) => `${done}/${of}`)).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(reports.map(({ text }) => text)).toContain('changed the settings');
    expect(reports.map(({ text }) => text)).toContain('added b');
    const versions = await ports.registry.history({ site: 'default', uid: 'a' });
    expect(versions.map(({ author }) => author)).toEqual(['anna']);
  });

  it('applyPlan writes nothing when the same file is applied a second time', async () => {
    await apply(ports, await planned(THREE));
    writes.length = 0;
    expect(await apply(ports, await planned(THREE))).toEqual({ written: 0, done: 0, of: 0 });
    expect(writes).toEqual([]);
  });

  it('applyPlan starts no further step once it is stopped, and the next one completes the rest', async () => {
    const locking = THREE.replace('timezone:', 'readOnly: true, timezone:');
    const stop = new AbortController();
    const first = await apply(ports, await planned(locking), () => stop.abort(), stop.signal);
    expect(first).toEqual({ written: 1, done: 1, of: 4 });
    expect(writes).toEqual(['write a']);
    expect(await apply(ports, await planned(locking))).toEqual({ written: 3, done: 3, of: 3 });
    expect(writes.at(-1)).toBe('write crontab');
  });

  it('applyPlan adds, changes, removes and prunes crons', async () => {
    await apply(ports, await planned(THREE));
    writes.length = 0;
    const text =
      'crons: [{uid: b, timeout: 9}, {uid: a, remove: true}, {uid: d, name: x, periodicity: "@daily"}]';
    await apply(ports, await planned(text, 'default', true));
    expect(writes.toSorted()).toEqual(['remove a', 'remove c', 'write b', 'write d']);
    const { crons } = exportOf(await readCrontab(ports, 'default'));
    expect(crons.map(({ uid, timeout, environ }) => ({ uid, timeout, environ }))).toEqual([
      { uid: 'b', timeout: 9, environ: { x: 1 } },
      { uid: 'd', timeout: 300, environ: {} },
    ]);
  });

  it('applyPlan changes nothing when one element is not valid', async () => {
    const text = 'crons: [{uid: a, name: x, periodicity: "@daily"}, {uid: b, name: x}]';
    await expect(apply(ports, await planned(text))).rejects.toMatchObject({
      name: 'InvalidError',
      problems: [{ uid: 'b', where: 'periodicity' }],
    });
    expect(writes).toEqual([]);
  });

  it('applyPlan rejects a plan for a read-only crontab', async () => {
    await apply(ports, await planned(THREE));
    await editSettings(ports, 'default', { readOnly: true });
    writes.length = 0;
    await expect(apply(ports, await planned('crons: [{uid: a, timeout: 9}]'))).rejects.toThrow(ReadOnlyError);
    expect(writes).toEqual([]);
  });

  it('applyPlan unlocks the crontab before it writes crons, and locks it afterwards', async () => {
    await apply(ports, await planned(THREE));
    writes.length = 0;
    await apply(ports, await planned('crontab: {readOnly: true}\ncrons: [{uid: a, timeout: 9}]'));
    await apply(ports, await planned('crontab: {readOnly: false}\ncrons: [{uid: a, timeout: 8}]'));
    expect(writes).toEqual(['write a', 'write crontab', 'write crontab', 'write a']);
  });

  it('applyPlan creates a new site, and writes its settings before its second cron', async () => {
    const text =
      'crontab: {activated: false}\ncrons: [{uid: a, name: x, periodicity: "@daily"}, {uid: b, name: x, periodicity: "@daily"}]';
    await apply(ports, await planned(text, 'shop'));
    expect(writes).toEqual(['write a', 'write crontab', 'write b']);
    expect(exportOf(await readCrontab(ports, 'shop')).settings.activated).toBe(false);
  });

  it('applyPlan replaces an invalid version', async () => {
    await apply(ports, await planned(THREE));
    await world.edit('a', '{"name": "one", "periodicity": "never", "nonsense": 1}');
    const repair = await planned('crons: [{uid: a, name: one}]');
    expect(repair.steps).toMatchObject([{ repairs: true, changes: [] }]);
    await apply(ports, repair);
    const { crons } = await readCurrentSite(ports, 'default');
    expect(crons.get('a')).toMatchObject({ rejected: false, fields: { name: 'one', periodicity: '@daily' } });
    expect((await planned('crons: [{uid: a, name: one}]')).steps).toEqual([]);
  });
});

describe('applying an outdated plan', () => {
  it('applyPlan does not overwrite a cron that another user changed since the plan', async () => {
    await apply(ports, await planned(THREE));
    const stale = await planned('crons: [{uid: a, timeout: 9}]');
    await editCron({ ...ports, by: 'ben' }, 'default', 'a', { periodicity: '@hourly' });
    await expect(apply(ports, stale)).rejects.toMatchObject({
      name: VersionConflictError.name,
      message: expect.stringContaining('ben'),
      changes: [{ field: 'periodicity', kind: 'changed', was: '@daily', is: '@hourly' }],
    });
    await expect(apply(ports, await planned('crons: [{uid: a, timeout: 9}]'))).resolves.toEqual({
      written: 1,
      done: 1,
      of: 1,
    });
  });

  it('applyPlan accepts a step that another user made in the meantime', async () => {
    const stale = await planned('crons: [{uid: a, name: one, periodicity: "@daily"}]');
    await addCron(ports, 'default', { uid: 'a', name: 'one', periodicity: '@daily' });
    expect(await apply(ports, stale)).toEqual({ written: 0, done: 1, of: 1 });
    const removal = await planned('crons: [{uid: a, remove: true}]');
    await removeCron(ports, 'default', 'a');
    expect(await apply(ports, removal)).toEqual({ written: 0, done: 1, of: 1 });
  });

  it('applyPlan does not replace another cron of the same uid that was added in the meantime', async () => {
    const stale = await planned('crons: [{uid: a, name: one, periodicity: "@daily"}]');
    await addCron(ports, 'default', { uid: 'a', name: 'other', periodicity: '@daily' });
    await expect(apply(ports, stale)).rejects.toThrow(AlreadyExistsError);
  });
});

describe('applying a plan that stops half way', () => {
  it('A plan that stopped half way is completed when the file is planned and applied again', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `{uid: c${index}, name: x, periodicity: "@daily"}`);
    const text = `crons: [${many.join(', ')}]`;
    let left = 12;
    const { registry } = ports;
    const failing: AddPorts = {
      ...ports,
      registry: new Proxy(registry, {
        get: (target, name: keyof typeof registry) => {
          if (name === 'write' && left-- <= 0) throw new UnavailableError('The registry does not answer.');
          return target[name];
        },
      }),
    };
    await expect(apply(failing, await planned(text))).rejects.toThrow(UnavailableError);
    const again = await planned(text);
    expect(again.unchanged.length).toBeGreaterThanOrEqual(12);
    const { written } = await apply(ports, again);
    expect(written).toBe(30 - again.unchanged.length);
    expect((await planned(text)).steps).toEqual([]);
  });
});

describe('the calls for a profile of 100 crons', () => {
  /** Ports that count the calls of each method of the registry and the store. */
  function counted(): { counting: AddPorts; calls: Record<string, number> } {
    const calls: Record<string, number> = {};
    const count = <Port extends object>(name: string, port: Port): Port =>
      new Proxy(port, {
        get: (target, method: string & keyof Port) => {
          const call = target[method];
          if (typeof call !== 'function') return call;
          return (...args: unknown[]) => {
            calls[`${name}.${method}`] = (calls[`${name}.${method}`] ?? 0) + 1;
            return call.apply(target, args);
          };
        },
      });
    const { registry, store } = world.ports;
    const counting = { ...ports, registry: count('registry', registry), store: count('store', store) };
    return { counting, calls };
  }

  it('A plan takes one query, applying it one write a cron, and applying it again no write', async () => {
    const many = Array.from(
      { length: 100 },
      (_, index) => `{uid: c${index}, name: x, periodicity: "@daily"}`,
    );
    const profile = profileIn(`crons: [${many.join(', ')}]`);
    const { counting, calls } = counted();
    const options = { now: world.clock.now(), runners: anyRunner };
    const first = planProfile(profile, await readCurrentSite(counting, 'default'), options);
    expect(calls).toEqual({ 'store.readSite': 1 });
    await apply(counting, first);
    expect(calls).toMatchObject({ 'registry.write': 100, 'store.putProjection': 100 });
    expect(calls['registry.read']).toBeLessThanOrEqual(400);
    const again = counted();
    const second = planProfile(profile, await readCurrentSite(again.counting, 'default'), options);
    await apply(again.counting, second);
    expect(again.calls).toEqual({ 'store.readSite': 1 });
  });
});

describe('a site', () => {
  it('An unknown site is empty for a plan, and cannot be exported', async () => {
    expect(await readCurrentSite(ports, 'nowhere')).toMatchObject({ site: 'nowhere', crons: new Map() });
    await expect(readCrontab(ports, 'nowhere')).rejects.toThrow(NotFoundError);
    await expect(readCurrentSite(ports, 'No Where')).rejects.toThrow(NotFoundError);
  });

  it('An export omits crons without any valid version', async () => {
    await world.edit('bad', '{}');
    await addCron(ports, 'default', { uid: 'a', name: 'one', periodicity: '@daily' });
    expect(exportOf(await readCrontab(ports, 'default')).crons).toMatchObject([{ uid: 'a' }]);
  });
});
