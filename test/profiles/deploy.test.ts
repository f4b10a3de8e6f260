import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editCron } from '../../lib/operations/edit-cron.ts';
import { editSettings } from '../../lib/operations/edit-settings.ts';
import { removeCron } from '../../lib/operations/remove-cron.ts';
import { type DeployPorts, deployProfile } from '../../lib/profiles/deploy.ts';
import { readExported } from '../../lib/profiles/site-now.ts';
import { storedText } from '../../lib/profiles/stored.ts';
import { makeWorld, type World } from '../support/world.ts';
import { anyRunner, profileIn } from './support.ts';

let world: World;
let ports: DeployPorts;
const kept = new Map<string, string>();

beforeEach(() => {
  world = makeWorld();
  kept.clear();
  const applied = {
    read: async (site: string) => kept.get(site),
    write: async (site: string, text: string) => void kept.set(site, text),
  };
  ports = { ...world.ports, runners: anyRunner, applied, by: 'the deployment' };
});
afterEach(() => world.close());

const deploy = (text: string) => deployProfile(ports, 'default', storedText(profileIn(text)));

async function crons() {
  const { crons: all } = await readExported(ports, 'default');
  return all.map(({ uid, periodicity, timeout }) => `${uid} ${periodicity} ${timeout}`);
}

const FIRST =
  'crons: [{uid: a, name: x, periodicity: "@daily", timeout: 9}, {uid: b, name: x, periodicity: "@daily"}]';

describe('deploying a profile', () => {
  it('applies it once for each content', async () => {
    await deploy(FIRST);
    expect(await crons()).toEqual(['a @daily 9', 'b @daily 300']);
    await editCron(ports, 'default', 'a', { timeout: 30 });
    await removeCron(ports, 'default', 'b');
    await deploy(FIRST);
    expect(await crons()).toEqual(['a @daily 30']);
    expect(
      world.log.messages('info').filter((text) => text === 'Applied the profile of default'),
    ).toHaveLength(1);
  });

  it('leaves what people changed, unless the profile changed it too; and the history shows both', async () => {
    await deploy(FIRST);
    await editCron({ ...ports, by: 'anna' }, 'default', 'a', { timeout: 30, periodicity: '@hourly' });
    await deploy(FIRST.replace('timeout: 9', 'timeout: 20'));
    expect(await crons()).toEqual(['a @hourly 20', 'b @daily 300']);
    const versions = await ports.registry.history({ site: 'default', uid: 'a' });
    expect(versions.map(({ author, value }) => `${author} ${JSON.parse(value).timeout}`)).toEqual([
      'the deployment 20',
      'anna 30',
      'the deployment 9',
    ]);
  });

  it('says what it leaves out because people removed it', async () => {
    await deploy(FIRST);
    await deploy('crons: [{uid: a, timeout: 20}]');
    await removeCron(ports, 'default', 'a');
    await deploy('crons: [{uid: a, timeout: 21}]');
    expect(world.log.messages('warn')).toEqual([
      'Left out default/a of the profile: it was removed, and the profile says too little of it to add it again',
    ]);
  });

  it('changes nothing in a crontab that is read only, and is applied when the lock is off', async () => {
    await editSettings(ports, 'default', { readOnly: true });
    await deploy(FIRST);
    expect(world.log.messages('warn')).toEqual([
      'The crontab of default is read only: its profile was not applied',
    ]);
    expect(kept.size).toBe(0);
    await editSettings(ports, 'default', { readOnly: false });
    await deploy(FIRST);
    expect(await crons()).toHaveLength(2);
  });

  it('changes nothing when one of its crons would not be valid, and says so', async () => {
    await expect(deploy(`${FIRST.slice(0, -1)}, {uid: c, timeout: 9}]`)).rejects.toThrow('name: got nothing');
    await expect(crons()).resolves.toEqual([]);
    expect(kept.size).toBe(0);
  });
});
