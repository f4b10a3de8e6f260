import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownCall } from '../../../lib/client/own-client.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { eventContexts } from '../../../lib/surfaces/cli/event-context.ts';
import { NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const KEY = { site: 'default', uid: 'a' };

let world: World;
let contextOf: ReturnType<typeof eventContexts>;

beforeEach(() => {
  world = makeWorld();
  contextOf = eventContexts(ownCall(world.ports));
});
afterEach(() => world.close());

async function save(fields: object, uid?: string): Promise<void> {
  const key = uid === undefined ? { site: 'default' } : { site: 'default', uid };
  await world.ports.registry.write(key, JSON.stringify(fields));
  await projectParameter(world.ports, key);
}

const saved = (version: number) =>
  ({ type: 'ModifiedCrontab', detail: { ...KEY, version, change: 'saved' } }) as const;
const timer = {
  type: 'CrontabSynchronisation',
  detail: { ...KEY, armed: new Date(NOON).toISOString() },
} as const;
const rejected = { type: 'RejectedParameter', detail: { ...KEY, version: 2, problems: [] } } as const;

describe('the context of an event', () => {
  it('The fields that an edit changed are those of its version, and none are for the first one', async () => {
    await save({ name: 'task', periodicity: '@daily' }, 'a');
    expect((await contextOf(saved(1))).changes).toBe('');
    await save({ name: 'task', periodicity: '@hourly' }, 'a');
    expect((await contextOf(saved(2))).changes).toBe('periodicity from "@daily" to "@hourly"');
  });

  it('The zone is that of the cron, or of its crontab, also after an edit of either', async () => {
    await save({ name: 'task', periodicity: '@daily' }, 'a');
    expect(await contextOf(timer)).toEqual({ timezone: 'UTC' });
    await save({ timezone: 'Asia/Tokyo' });
    await contextOf({ type: 'ModifiedCrontab', detail: { site: 'default', version: 1, change: 'saved' } });
    expect(await contextOf(timer)).toEqual({ timezone: 'Asia/Tokyo' });
    await save({ name: 'task', periodicity: '@daily', timezone: 'Europe/Paris' }, 'a');
    expect(await contextOf(saved(2))).toMatchObject({ timezone: 'Europe/Paris' });
    expect(await contextOf(timer)).toEqual({ timezone: 'Europe/Paris' });
  });

  it('A rejection says whether a version is in force', async () => {
    await save({ name: 'task' }, 'a');
    expect(await contextOf(rejected)).toMatchObject({ hasValid: false });
    await save({ name: 'task', periodicity: '@daily' }, 'a');
    await save({ name: 'task' }, 'a');
    expect(await contextOf(rejected)).toMatchObject({ hasValid: true });
  });

  it('A rejection of the settings says whether earlier ones are in force', async () => {
    const ofSettings = (version: number) =>
      ({ type: 'RejectedParameter', detail: { site: 'default', version, problems: [] } }) as const;
    await save({ timezone: 'Nowhere' });
    expect(await contextOf(ofSettings(1))).toMatchObject({ hasValid: false });
    await save({ timezone: 'Europe/Paris' });
    await save({ timezone: 'Nowhere' });
    expect(await contextOf(ofSettings(3))).toMatchObject({ hasValid: true });
  });

  it('An event about no crontab, and one whose state cannot be read, are shown in UTC', async () => {
    expect(await contextOf({ type: 'ServerRestart', detail: { sites: [] } })).toEqual({ timezone: 'UTC' });
    const store = { ...world.ports.store, read: () => Promise.reject(new Error('gone')) };
    expect(await eventContexts({ ...world.ports, store } as never)(timer)).toEqual({ timezone: 'UTC' });
  });
});
