import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Door, makeDoor, may, type UntypedCall } from '../../../lib/app/door/call.ts';
import type { Operation } from '../../../lib/app/door/operation.ts';
import { OPERATIONS, type OperationId } from '../../../lib/app/door/operations.ts';
import { type Caller, type Grant, ROLES, type Role } from '../../../lib/core/domain/access.ts';
import {
  AlreadyExistsError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
} from '../../../lib/core/domain/errors.ts';
import type { LogFields } from '../../../lib/core/ports/logger.ts';
import { faulty } from '../../support/faulty.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
let door: Door;

beforeEach(async () => {
  world = makeWorld();
  door = makeDoor(world.ports);
  await world.save('a', HOURLY);
});
afterEach(() => world.close());

const grant = (role: Role, sites?: string[]): Grant => ({
  principal: 'arn:aws:iam::111122223333:role/team',
  role,
  ...(sites && { sites }),
});
const callerWith = (...grants: Grant[]): Caller => ({ name: 'ada', grants });
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('roles', () => {
  const ids = Object.keys(OPERATIONS) as OperationId[];
  const callers: [string, Caller, Role | undefined][] = [
    ['without a role', callerWith(), undefined],
    ...ROLES.map((role): [string, Caller, Role] => [`with the role ${role}`, callerWith(grant(role)), role]),
    ...ROLES.map((role): [string, Caller, Role | undefined] => [
      `with the role ${role} at another site`,
      callerWith(grant(role, ['shop'])),
      undefined,
    ]),
    ...ROLES.map((role): [string, Caller, Role] => [
      `with the role ${role} at this site`,
      callerWith(grant(role, ['default', 'shop'])),
      role,
    ]),
    ['of a target without roles', { name: 'ada' }, 'editor'],
  ];

  it.each(callers)(
    'A caller %s may call exactly the operations that this role allows',
    async (_, who, here) => {
      const anywhere = who.grants ? who.grants[0]?.role : 'editor';
      const call = door.as(who) as UntypedCall;
      for (const id of ids) {
        const { role, level } = OPERATIONS[id];
        const has = level === 'deployment' ? anywhere : here;
        const mayCall = has !== undefined && ROLES.indexOf(has) >= ROLES.indexOf(role);
        const error = await errorOf(call(id, { site: 'default', uid: 'gone' }, {}));
        expect([id, error instanceof ForbiddenError]).toEqual([id, !mayCall]);
      }
    },
  );

  it('A refusal names the role that is missing', async () => {
    const viewer = door.as(callerWith(grant('viewer', ['default'])));
    await expect(viewer('runCron', { site: 'default', uid: 'a' }, {})).rejects.toThrow(
      'this needs the role operator at the site "default", and ada is viewer. Someone who deploys cloudtab can give it.',
    );
    await expect(viewer('readSite', { site: 'shop' })).rejects.toThrow(
      'this needs the role viewer at the site "shop", and ada has no role.',
    );
    await expect(door.as({ grants: [] })('listSites', {}, {})).rejects.toThrow(
      'this needs the role viewer, and the caller has no role.',
    );
  });

  it('A place without a site gives only the rights for all sites', async () => {
    const call = door.as(callerWith(grant('editor', ['default']))) as UntypedCall;
    await expect(call('readSite', {})).rejects.toThrow(ForbiddenError);
  });

  it('Lists and suggestions have only the sites that the caller may see', async () => {
    for (const site of ['shop', 'secret']) {
      await world.ports.store.putProjection({ site }, { modified: 1, version: 1 });
    }
    const call = door.as(callerWith(grant('editor', ['shop', 'shops'])));
    expect(await call('siteNames', {}, {})).toMatchObject({ items: ['shop'] });
    expect((await call('listSites', {}, {})).items.map(({ site }) => site)).toEqual(['shop']);
    await expect(call('addCron', { site: 'shops' }, HOURLY)).rejects.toThrow(
      'site "shops" not found; did you mean "shop"?',
    );
    const all = await door.as({})('siteNames', {}, {});
    expect(all).toEqual({ items: ['default', 'secret', 'shop'] });
  });

  it('whoami says what the caller may do, and which version of cloudtab answers', async () => {
    const who = callerWith(grant('viewer'), grant('editor', ['shop', 'b2b']), grant('viewer', ['blog']));
    expect(await door.as(who)('whoami', {})).toEqual({
      name: 'ada',
      role: 'viewer',
      sites: [
        { site: 'b2b', role: 'editor' },
        { site: 'shop', role: 'editor' },
      ],
    });
    expect(await door.as(callerWith(grant('viewer', ['shop'])))('whoami', {})).toEqual({
      name: 'ada',
      sites: [{ site: 'shop', role: 'viewer' }],
    });
    expect(await door.as({})('whoami', {})).toEqual({ role: 'editor', sites: [] });
    expect(await makeDoor({ ...world.ports, version: '1.2.3' }).as({})('whoami', {})).toEqual({
      role: 'editor',
      sites: [],
      version: '1.2.3',
    });
    expect(may({}, 'editCron')).toBe(true);
    expect(may(who, 'editCron', 'blog')).toBe(false);
  });
});

describe('the input of a call', () => {
  it('An input that is not valid is refused with all problems before anything is done', async () => {
    const call = door.as({}) as UntypedCall;
    const error = await errorOf(
      call('switchCrons', { site: 'default' }, { uids: [], activated: 'no', x: 1 }),
    );
    expect(error).toBeInstanceOf(InvalidError);
    expect((error as InvalidError).problems.map(({ where }) => where).sort()).toEqual([
      'activated',
      'uids',
      'x',
    ]);
    expect((await call('readCron', { site: 'default', uid: 'a' })) as object).toMatchObject({ active: true });
  });
});

describe('the answer of a call', () => {
  it('The JSON of operations that only pages and the client call conforms to its schema', async () => {
    const call = door.as({});
    const place = { site: 'default', uid: 'a' };
    await world.run({ uid: 'a', plannedAt: world.clock.now(), forced: 'x' });
    const all = {
      siteNames: await call('siteNames', {}, {}),
      readSettings: await call('readSettings', place),
      readTimeline: await call('readTimeline', place, {}),
      draftCron: await call('draftCron', place),
      readLogsOf: await call('readLogsOf', place, { uids: ['a'], count: 5 }),
      checkSteps: await call('checkSteps', place, { steps: [{ uid: 'a', kind: 'remove' }] }),
    };
    expect(all.readLogsOf.logs).toMatchObject([{ uid: 'a', logs: [{ status: 'OK' }] }]);
    for (const [id, value] of Object.entries(all)) {
      const { answer, json = (same: unknown) => same }: Operation = OPERATIONS[id as OperationId];
      expect([id, answer().safeParse(json(value as never)).error]).toEqual([id, undefined]);
    }
  });
});

describe('the audit line', () => {
  const lines = () =>
    world.logger.linesOf('audit').map(({ message, fields }) => ({ message, ...fields }) as LogFields);

  it('A change leaves one line with the caller, the operation, the target, and the versions before and after', async () => {
    const call = door.as({ name: 'ada' });
    await call('editCron', { site: 'default', uid: 'a' }, { logsLimit: 3 });
    await call('removeCron', { site: 'default', uid: 'a' });
    await call('addCron', { site: 'default' }, { ...HOURLY, uid: 'b' });
    await call('runCron', { site: 'default', uid: 'b' }, {});
    const common = { code: 'audit', by: 'ada', site: 'default', result: 'done' };
    expect(lines()).toEqual([
      {
        ...common,
        message: 'editCron of default/a: done',
        operation: 'editCron',
        uid: 'a',
        parameters: [{ site: 'default', uid: 'a', before: 1, after: 2 }],
      },
      {
        ...common,
        message: 'removeCron of default/a: done',
        operation: 'removeCron',
        uid: 'a',
        parameters: [{ site: 'default', uid: 'a', before: 2 }],
      },
      {
        ...common,
        message: 'addCron of default/b: done',
        operation: 'addCron',
        uid: 'b',
        parameters: [{ site: 'default', uid: 'b', after: 1 }],
      },
      { ...common, message: 'runCron of default/b: done', operation: 'runCron', uid: 'b' },
    ]);
  });

  it('A bulk change leaves one line with the versions of all crons', async () => {
    await world.save('b', HOURLY);
    await door.as({})('switchCrons', { site: 'default' }, { uids: ['a', 'b', 'gone'], activated: false });
    expect(lines()).toEqual([
      expect.objectContaining({
        operation: 'switchCrons',
        result: 'partly-done',
        parameters: [
          { site: 'default', uid: 'a', before: 1, after: 2 },
          { site: 'default', uid: 'b', before: 1, after: 2 },
        ],
        refused: [{ uid: 'gone', code: 'not-found' }],
      }),
    ]);
  });

  it('A refused change leaves a line with the reason, and a refused read too', async () => {
    const viewer = door.as(callerWith(grant('viewer', ['default'])));
    await errorOf(viewer('removeCron', { site: 'default', uid: 'a' }));
    await errorOf(viewer('readSite', { site: 'shop' }));
    await errorOf(door.as({})('removeCron', { site: 'default', uid: 'gone' }));
    expect(lines().map(({ message }) => message)).toEqual([
      'removeCron of default/a: forbidden',
      'readSite of shop: forbidden',
      'removeCron of default/gone: not-found',
    ]);
  });

  it('A refused change leaves the version that it found and those that were expected', async () => {
    const call = door.as({});
    const place = { site: 'default', uid: 'a' };
    await call('editSite', { site: 'default', newSite: true }, { timezone: 'UTC' });
    await call('editCron', place, { logsLimit: 3 });
    world.logger.lines.length = 0;
    await errorOf(call('editCron', { ...place, expected: ['1-5', 'no-tag'] }, { logsLimit: 4 }));
    await errorOf(call('addCron', { site: 'default' }, { ...HOURLY, uid: 'a' }));
    await errorOf(call('addCron', { site: 'default' }, { ...HOURLY, uid: 'not a uid', name: 5 }));
    await errorOf(call('editSite', { site: 'default', expected: ['7-7'] }, { activated: false }));
    const common = { code: 'audit', site: 'default' };
    expect(lines().map(({ message: _, ...fields }) => fields)).toEqual([
      { ...common, operation: 'editCron', uid: 'a', result: 'version-conflict', before: 2, expected: [1] },
      { ...common, operation: 'addCron', uid: 'a', result: 'already-exists', before: 2 },
      { ...common, operation: 'addCron', result: 'invalid' },
      { ...common, operation: 'editSite', result: 'version-conflict', before: 1, expected: [7] },
    ]);
  });

  it('A bulk change names each refused cron with the version that was found', async () => {
    await door.as({})('editSite', { site: 'default' }, { readOnly: true });
    world.logger.lines.length = 0;
    await door.as({})('removeCrons', { site: 'default' }, { uids: ['a', 'gone'] });
    expect(lines()).toEqual([
      expect.objectContaining({
        operation: 'removeCrons',
        result: 'refused',
        refused: [
          { uid: 'a', code: 'read-only', before: 1 },
          { uid: 'gone', code: 'not-found' },
        ],
      }),
    ]);
  });

  it('A parameter that was written or removed is in the line even if its projection fails', async () => {
    const store = faulty(world.ports.store, 'putProjection', 'before', Number.POSITIVE_INFINITY);
    const call = makeDoor({ ...world.ports, store }).as({});
    const place = { site: 'default', uid: 'a' };
    await errorOf(call('editCron', place, { logsLimit: 3 }));
    await errorOf(call('removeCron', place));
    expect(lines().map(({ result, parameters }) => ({ result, parameters }))).toEqual([
      { result: 'unavailable', parameters: [{ ...place, before: 1, after: 2 }] },
      { result: 'unavailable', parameters: [{ ...place, before: 2 }] },
    ]);
  });

  it('A change that ends with a defect leaves a line, and a read leaves none', async () => {
    const broken = makeDoor({
      ...world.ports,
      queue: { deliver: () => Promise.reject(new Error('a defect')) },
    }).as({});
    await errorOf(broken('runCron', { site: 'default', uid: 'a' }, {}));
    await broken('readCron', { site: 'default', uid: 'a' });
    await errorOf(broken('readCron', { site: 'default', uid: 'gone' }));
    expect(lines().map(({ message }) => message)).toEqual(['runCron of default/a: failed']);
  });
});

describe('the operations that no other surface has', () => {
  const place = { site: 'default', uid: 'a' };

  it('Switching with a note keeps it beside the author in the history', async () => {
    const call = door.as({ name: 'ada' });
    await call('switchCron', place, { activated: false, note: 'the shop moves' });
    expect((await call('readHistory', place, {})).items[0]).toMatchObject({ author: 'ada: the shop moves' });
    await door.as({})('switchSite', { site: 'default' }, { activated: false, note: 'night' });
    expect((await call('readSiteHistory', { site: 'default' }, {})).items[0]).toMatchObject({
      author: 'unknown: night',
    });
  });

  it('A removed cron is restored with its last valid definition', async () => {
    const call = door.as({});
    await call('editCron', place, { logsLimit: 3 });
    await call('removeCron', place);
    const { message, cron } = await call('restoreCron', place);
    expect(message).toMatch(/^Restored "a" to the crontab of "default"\./);
    expect(cron.definition).toMatchObject({ ...HOURLY, logsLimit: 3 });
    await expect(call('restoreCron', place)).rejects.toThrow(AlreadyExistsError);
    await expect(call('restoreCron', { ...place, uid: 'never' })).rejects.toThrow(
      'The cron "never" of "default" was not removed within the last 90 days, so it cannot be restored.',
    );
  });

  it('The text of a parameter is read as it was typed, with its problems', async () => {
    const call = door.as({});
    await world.edit('a', '{ "name": "task",  }');
    const { text, tag, problems } = await call('readText', place);
    expect(text).toBe('{ "name": "task",  }');
    expect(tag).toMatch(/^2-/);
    expect(problems).toHaveLength(1);
    await expect(call('readText', { ...place, uid: 'gone' })).rejects.toThrow(NotFoundError);
  });

  it('A whole site has the form of its answer, without its crons', async () => {
    const whole = await door.as({})('readWholeSite', { site: 'default' });
    const { answer, json } = OPERATIONS.readWholeSite;
    expect(whole.crons.map(({ uid }) => uid)).toEqual(['a']);
    expect(z.safeParse(answer(), json?.(whole as never) as object).success).toBe(true);
  });
});
