import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkSteps } from '../../../lib/app/operations/check-steps.ts';
import { readCrontab } from '../../../lib/app/operations/read.ts';
import { checkPlan } from '../../../lib/app/profiles/check-plan.ts';
import { currentSite } from '../../../lib/app/profiles/current-site.ts';
import { planProfile } from '../../../lib/app/profiles/plan.ts';
import { ownCall } from '../../../lib/client/own-client.ts';
import { intercept } from '../../support/faulty.ts';
import { makeWorld, type World } from '../../support/world.ts';
import { profileIn } from '../profiles/support.ts';

const DAILY = { name: 'task', periodicity: '@daily' };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', DAILY);
  await world.save('b', DAILY);
});
afterEach(() => world.close());

const versions = async () =>
  (await Array.fromAsync(world.ports.registry.list())).map(({ uid, version }) => `${uid} ${version}`);

const planOf = async (text: string) =>
  planProfile(profileIn(text), await currentSite('default', readCrontab(world.ports, 'default')), {
    now: world.clock.now(),
    runners: world.ports.runners,
  });

describe('checking steps', () => {
  it('Each step is refused as its operation would refuse it, and nothing is written', async () => {
    const { parameter } = (await readCrontab(world.ports, 'default')).crons[0] ?? {};
    const result = await checkSteps(world.ports, 'default', {
      steps: [
        { uid: 'new', kind: 'add', fields: DAILY },
        { uid: 'bad', kind: 'add', fields: { ...DAILY, timeout: -1 } },
        { uid: 'a', kind: 'change', fields: { timeout: 60 }, tag: parameter?.tag },
        { uid: 'b', kind: 'remove', tag: 'old' },
        { uid: 'c', kind: 'remove' },
      ],
    });
    expect(result.done).toEqual(['new', 'a']);
    expect(result.refused.map(({ uid, code }) => `${uid} ${code}`).sort()).toEqual([
      'b version-conflict',
      'bad invalid',
      'c not-found',
    ]);
    expect(await versions()).toEqual(['a 1', 'b 1']);
  });

  it('The steps of a read-only crontab are refused, unless it is unlocked before', async () => {
    await world.edit(undefined, '{"readOnly": true}');
    const steps = [{ uid: 'a', kind: 'change', fields: { timeout: 60 } }] as const;
    const { refused } = await checkSteps(world.ports, 'default', { steps });
    expect(refused).toMatchObject([{ uid: 'a', code: 'read-only' }]);
    expect((await checkSteps(world.ports, 'default', { steps, unlocks: true })).done).toEqual(['a']);
  });

  it('The settings are read once, however many steps there are', async () => {
    const read = vi.spyOn(world.ports.registry, 'read');
    const steps = ['a', 'b'].map((uid) => ({ uid, kind: 'change', fields: { timeout: 60 } }) as const);
    await checkSteps(world.ports, 'default', { steps });
    expect(read.mock.calls.filter(([{ uid }]) => uid === undefined)).toHaveLength(1);
  });

  it('A defect is thrown', async () => {
    const registry = intercept(world.ports.registry, 'read', () => Promise.reject(new TypeError('a defect')));
    const steps = [{ uid: 'a', kind: 'remove' }] as const;
    await expect(checkSteps({ ...world.ports, registry }, 'default', { steps })).rejects.toThrow(TypeError);
  });
});

describe('checking a plan', () => {
  it('A plan whose steps all can be made passes, in parts of a hundred steps', async () => {
    const crons = Array.from(
      { length: 150 },
      (_, index) => `- {uid: n${index}, name: task, periodicity: "@daily"}`,
    );
    const checked: number[] = [];
    const plan = await planOf(
      `crons:\n${crons.join('\n')}\n- {uid: a, timeout: 60}\n- {uid: b, remove: true}\n`,
    );
    await checkPlan(ownCall(world.ports), plan, (count) => checked.push(count));
    expect(checked).toEqual([100, 152]);
    expect(await versions()).toEqual(['a 1', 'b 1']);
  });

  it('One step that would be refused keeps all others from being made', async () => {
    const plan = await planOf('crons:\n- {uid: a, timeout: 60}\n- {uid: b, timeout: 60}\n');
    await world.save('b', { ...DAILY, timeout: 90 });
    await expect(checkPlan(ownCall(world.ports), plan)).rejects.toThrow(
      /^Nothing was changed, because 1 change would be refused: The cron "b" of "default" was changed in the meantime/,
    );
  });

  it('A cron that was added or removed meanwhile is left to the step itself', async () => {
    const plan = await planOf(
      'crons:\n- {uid: new, name: task, periodicity: "@daily"}\n- {uid: b, remove: true}\n',
    );
    await world.save('new', DAILY);
    await world.ports.registry.remove({ site: 'default', uid: 'b' });
    await checkPlan(ownCall(world.ports), plan);
  });

  it('Steps that were not reached in time are asked for again', async () => {
    const plan = await planOf('crons:\n- {uid: a, timeout: 60}\n- {uid: b, timeout: 60}\n');
    const asked: string[][] = [];
    const call = (async (_: string, __: object, input: { steps: { uid: string }[] }) => {
      const uids = input.steps.map(({ uid }) => uid);
      asked.push(uids);
      return { message: '', changed: true, done: uids.slice(0, 1), refused: [], left: uids.slice(1) };
    }) as never;
    await checkPlan(call, plan);
    expect(asked).toEqual([['a', 'b'], ['b']]);
  });
});
