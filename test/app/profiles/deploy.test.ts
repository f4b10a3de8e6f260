import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCron } from '../../../lib/app/operations/add-cron.ts';
import { editCron } from '../../../lib/app/operations/edit-cron.ts';
import { editSettings } from '../../../lib/app/operations/edit-settings.ts';
import { readCrontab } from '../../../lib/app/operations/read.ts';
import { removeCron } from '../../../lib/app/operations/remove-cron.ts';
import { exportOf } from '../../../lib/app/profiles/current-site.ts';
import { type DeployPorts, deployProfiles } from '../../../lib/app/profiles/deploy.ts';
import type { Profile } from '../../../lib/app/profiles/profile.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { intercept } from '../../support/faulty.ts';
import { MemoryProfileHashes } from '../../support/memory-profile-hashes.ts';
import { makeWorld, type World } from '../../support/world.ts';
import { anyRunner, profileIn } from './support.ts';

let world: World;
let ports: DeployPorts;
let hashes: MemoryProfileHashes;
/** How many parameters were written. */
let writes: number;

beforeEach(() => {
  world = makeWorld();
  writes = 0;
  hashes = new MemoryProfileHashes();
  const registry = intercept(world.ports.registry, 'write', (call) => {
    writes += 1;
    return call();
  });
  ports = { ...world.ports, registry, runners: anyRunner, hashes, by: 'the deployment' };
});
afterEach(() => world.close());

const deploy = (profile: Profile, other: Partial<DeployPorts> = {}) =>
  deployProfiles({ ...ports, ...other }, { default: profile });

/** A profile of these crons; each is `name: x, periodicity: "@daily"` and what its text adds. */
const daily = (...crons: string[]) =>
  profileIn(`crons: [${crons.map((fields) => `{name: x, periodicity: "@daily", ${fields}}`).join(', ')}]`);

/** A profile whose crons give only these fields. */
const partial = (...crons: string[]) =>
  profileIn(`crons: [${crons.map((fields) => `{${fields}}`).join(', ')}]`);

async function crons(): Promise<string[]> {
  const { crons } = exportOf(await readCrontab(ports, 'default'));
  return crons.map(({ uid, periodicity, timeout }) => `${uid} ${periodicity} ${timeout}`);
}

/** The port whose writes fail before their effect, from that write on; writes are counted from 1. */
function failingFromWrite<Port extends { write(...args: never[]): Promise<unknown> }>(
  port: Port,
  number: number,
): Port {
  let count = 0;
  return intercept(port, 'write' as never, async (call) => {
    count += 1;
    if (count >= number) throw new UnavailableError('write failed');
    return call();
  });
}

/** The log lines about the profile. */
const profileLines = () =>
  world.logger.lines.filter(({ fields }) => String(fields.code).startsWith('profile-'));

describe('a profile that is deployed again without a change', () => {
  it('An edited and a removed cron stay as they are when the profile is deployed again unchanged', async () => {
    await deploy(daily('uid: a, timeout: 9', 'uid: b'));
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
    await editCron(ports, 'default', 'a', { timeout: 30 });
    await removeCron(ports, 'default', 'b');
    await deploy(daily('uid: a, timeout: 9', 'uid: b'));
    expect(await crons()).toEqual(['a @daily 30']);
    expect(profileLines()).toEqual([
      {
        level: 'info',
        message: 'Applied the profile of default',
        fields: { code: 'profile-applied', site: 'default', written: 2 },
      },
    ]);
  });

  it('Settings of the crontab that were edited stay when the profile does not change its settings', async () => {
    await deploy(profileIn('crontab: {timezone: Europe/Paris}'));
    await editSettings(ports, 'default', { timezone: 'Asia/Tokyo' });
    await deploy(
      profileIn('crontab: {timezone: Europe/Paris}\ncrons: [{uid: a, name: x, periodicity: "@daily"}]'),
    );
    expect(exportOf(await readCrontab(ports, 'default')).settings.timezone).toBe('Asia/Tokyo');
    expect(await crons()).toEqual(['a @daily 300']);
  });

  it('A cron that was added again after its removal by the profile stays', async () => {
    await deploy(daily('uid: a'));
    await deploy(partial('uid: a, remove: true'));
    expect(await crons()).toEqual([]);
    await addCron(ports, 'default', { uid: 'a', name: 'x', periodicity: '@hourly' });
    await deploy(partial('uid: a, remove: true'));
    expect(await crons()).toEqual(['a @hourly 300']);
  });

  it('An element is unchanged when only its layout, its format or the order of its fields changes', async () => {
    await deploy(daily('uid: a, environ: {x: {y: 1, z: [2]}, w: 3}', 'uid: b'));
    await editCron(ports, 'default', 'a', { environ: {} });
    const cron = { environ: { w: 3, x: { z: [2], y: 1 } }, periodicity: '@daily', name: 'x' };
    const json = {
      crons: [
        { name: 'x', periodicity: '@daily', uid: 'b' },
        { ...cron, uid: 'a' },
      ],
    };
    await deploy(profileIn(JSON.stringify(json, null, 2), 'json'));
    const { crons } = exportOf(await readCrontab(ports, 'default'));
    expect(crons.map(({ uid, environ }) => [uid, environ])).toEqual([
      ['a', {}],
      ['b', {}],
    ]);
  });
});

describe('a profile that changed', () => {
  it('A changed element overwrites the fields that it gives, and keeps edits of other fields', async () => {
    await deploy(partial('uid: a, name: x, periodicity: "@daily"'));
    await deploy(partial('uid: a, timeout: 9'));
    await editCron({ ...ports, by: 'anna' }, 'default', 'a', { timeout: 30, periodicity: '@hourly' });
    await deploy(partial('uid: a, timeout: 20'));
    expect(await crons()).toEqual(['a @hourly 20']);
    const versions = await ports.registry.history({ site: 'default', uid: 'a' });
    expect(versions.map(({ author, value }) => `${author} ${JSON.parse(value).timeout}`)).toEqual([
      'the deployment 20',
      'anna 30',
      'the deployment 9',
      'the deployment undefined',
    ]);
  });

  it('A changed element overwrites an edited field that did not change in the element', async () => {
    await deploy(daily('uid: a, timeout: 9'));
    await editCron(ports, 'default', 'a', { periodicity: '@hourly' });
    await deploy(daily('uid: a, timeout: 20'));
    expect(await crons()).toEqual(['a @daily 20']);
  });

  it('A changed element does not touch a cron whose element is unchanged', async () => {
    await deploy(daily('uid: a, timeout: 9', 'uid: b, timeout: 9'));
    await editCron(ports, 'default', 'a', { timeout: 30 });
    await editCron(ports, 'default', 'b', { timeout: 30 });
    await deploy(daily('uid: a, timeout: 9', 'uid: b, timeout: 20'));
    expect(await crons()).toEqual(['a @daily 30', 'b @daily 20']);
  });

  it('A changed element adds its removed cron again', async () => {
    await deploy(daily('uid: a'));
    await removeCron(ports, 'default', 'a');
    await deploy(daily('uid: a, timeout: 20'));
    expect(await crons()).toEqual(['a @daily 20']);
  });

  it('A changed element that lacks the fields to add its removed cron again is skipped with a warning', async () => {
    await deploy(daily('uid: a'));
    await deploy(partial('uid: a, timeout: 20'));
    await removeCron(ports, 'default', 'a');
    await deploy(partial('uid: a, timeout: 21', 'uid: b, name: x, periodicity: "@daily"'));
    expect(await crons()).toEqual(['b @daily 300']);
    expect(world.logger.messages('warn')).toEqual([
      'Skipped default/a of the profile: the cron was removed, and the element lacks the name or the periodicity to add it again',
    ]);
    await addCron(ports, 'default', { uid: 'a', name: 'x', periodicity: '@hourly' });
    await deploy(partial('uid: a, timeout: 21', 'uid: b, name: x, periodicity: "@daily"'));
    expect(await crons()).toEqual(['a @hourly 21', 'b @daily 300']);
  });

  it('An unchanged element whose cron was removed causes no warning', async () => {
    await deploy(daily('uid: a'));
    await deploy(partial('uid: a, timeout: 20'));
    await removeCron(ports, 'default', 'a');
    await deploy(partial('uid: a, timeout: 20', 'uid: b, name: x, periodicity: "@daily"'));
    expect(await crons()).toEqual(['b @daily 300']);
    expect(world.logger.messages('warn')).toEqual([]);
  });

  it('An element that lacks the fields to add its cron is rejected in the first deployment', async () => {
    await expect(deploy(partial('uid: a, timeout: 9'))).rejects.toMatchObject({
      problems: [
        { uid: 'a', where: 'name' },
        { uid: 'a', where: 'periodicity' },
      ],
    });
  });

  it.each([
    [
      'a field that goes to its default',
      daily('uid: a, timeout: 9'),
      daily('uid: a, timeout: null'),
      'a @daily 300',
    ],
    ['a field that it gives for the first time', daily('uid: a'), daily('uid: a, timeout: 9'), 'a @daily 9'],
    [
      'a field that it lacks after "remove: true"',
      partial('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily", timeout: 9'),
      partial('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily"'),
      'a @daily 300',
    ],
    [
      'the cron after its removal',
      partial('uid: a, remove: true'),
      partial('uid: a, name: x, periodicity: "@daily"'),
      'a @daily 300',
    ],
  ])('A changed element applies %s', async (_, first, second, expected) => {
    await deploy(first);
    await deploy(second);
    expect(await crons()).toEqual([expected]);
  });

  it('An element behind a new "remove: true" replaces the whole cron', async () => {
    await deploy(daily('uid: a'));
    await editCron(ports, 'default', 'a', { timeout: 30 });
    await deploy(partial('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily"'));
    expect(await crons()).toEqual(['a @daily 300']);
  });
});

describe('an element that left the profile', () => {
  it('A cron whose element left the profile stays, and is applied again when the same element returns', async () => {
    await deploy(daily('uid: a, timeout: 9', 'uid: b'));
    await deploy(daily('uid: b'));
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
    await editCron(ports, 'default', 'a', { timeout: 30 });
    await deploy(daily('uid: b'));
    expect(await crons()).toEqual(['a @daily 30', 'b @daily 300']);
    await deploy(daily('uid: a, timeout: 9', 'uid: b'));
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
  });
});

describe('a deployment that fails', () => {
  const A = '{uid: a, name: x, periodicity: "@daily", timeout: 9}';
  const B = '{uid: b, name: x, periodicity: "@daily"}';
  const C = '{uid: c, name: x, periodicity: "@daily"}';
  const first = profileIn(`crontab: {timezone: Europe/Paris}\ncrons: [${A}, ${B}]`);
  const second = profileIn(`crontab: {timezone: Asia/Tokyo}\ncrons: [${A.replace('9', '20')}, ${B}, ${C}]`);
  const timezone = async () => exportOf(await readCrontab(ports, 'default')).settings.timezone;

  it('A deployment that crashes after it applied and before it remembers writes nothing when it is repeated', async () => {
    await expect(deploy(first, { hashes: failingFromWrite(hashes, 1) })).rejects.toThrow(UnavailableError);
    expect(writes).toBe(3);
    await deploy(first);
    expect(writes).toBe(3);
    await editCron(ports, 'default', 'a', { timeout: 30 });
    await deploy(first);
    expect(await crons()).toEqual(['a @daily 30', 'b @daily 300']);
  });

  it('A deployment that stops half way is completed when it is repeated', async () => {
    const registry = failingFromWrite(ports.registry, 2);
    await expect(deploy(first, { registry })).rejects.toThrow(UnavailableError);
    expect(writes).toBe(1);
    await deploy(first);
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
    expect(await timezone()).toBe('Europe/Paris');
    await expect(deploy(second, { registry: failingFromWrite(ports.registry, 2) })).rejects.toThrow(
      UnavailableError,
    );
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
    await deploy(second);
    expect(await crons()).toEqual(['a @daily 20', 'b @daily 300', 'c @daily 300']);
    expect(await timezone()).toBe('Asia/Tokyo');
  });

  it.each([
    ['stops half way', () => ({ registry: failingFromWrite(ports.registry, 2) })],
    ['crashes before it remembers', () => ({ hashes: failingFromWrite(hashes, 2) })],
  ])('The previous profile is applied again after a deployment that %s is rolled back', async (_, broken) => {
    await deploy(first);
    await editCron(ports, 'default', 'b', { timeout: 30 });
    await expect(deploy(second, broken())).rejects.toThrow(UnavailableError);
    expect(await timezone()).toBe('Asia/Tokyo');
    await deploy(first);
    expect(await timezone()).toBe('Europe/Paris');
    expect((await crons()).slice(0, 2)).toEqual(['a @daily 9', 'b @daily 30']);
  });

  it('A deployment changes and forgets nothing when one of its crons is not valid', async () => {
    await deploy(first);
    await editCron(ports, 'default', 'a', { timeout: 30 });
    const invalid = partial('uid: a, timeout: 20', 'uid: c, timeout: 9, name: x');
    await expect(deploy(invalid)).rejects.toMatchObject({ problems: [{ uid: 'c', where: 'periodicity' }] });
    await deploy(first);
    expect(await crons()).toEqual(['a @daily 30', 'b @daily 300']);
  });

  it('A read-only crontab stays as it is, and the first deployment after its lock is off applies the profile', async () => {
    await editSettings(ports, 'default', { readOnly: true });
    await deploy(first);
    expect(world.logger.messages('warn')).toEqual([
      'The crontab of default is read-only: its profile was not applied',
    ]);
    expect(await crons()).toEqual([]);
    await editSettings(ports, 'default', { readOnly: false });
    await deploy(first);
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
  });
});

describe('a profile with many changes', () => {
  const many = (count: number) => daily(...Array.from({ length: count }, (_, number) => `uid: c${number}`));

  it('A deployment with more than 1,000 changes of crons, of all sites together, changes nothing', async () => {
    const profiles = { default: many(600), shop: many(401) };
    await expect(deployProfiles(ports, profiles)).rejects.toThrow(
      new ConfigurationError(
        'profiles: got 1001 changes of crons (default: 600, shop: 401), wanted at most 1000 in one deployment. ' +
          'Deploy without the profile, use "cloudtab apply" for it, then deploy with it again.',
      ),
    );
    expect(writes).toBe(0);
  });
});
