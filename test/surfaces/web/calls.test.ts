import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDoor } from '../../../lib/app/door/call.ts';
import { makeApp } from '../../../lib/surfaces/web/app.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

async function post(operation: string, body: unknown, headers: Record<string, string> = {}) {
  const app = makeApp(makeDoor(world.ports));
  const answer = await app.request(`/calls/${operation}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as ReturnType<typeof JSON.parse> };
}

describe('the calls of the client', () => {
  it('A call is answered with what the operation answers, times as they are', async () => {
    await world.save('a', { name: 'task', periodicity: '@daily' });
    const { status, body } = await post('readCron', { site: 'default', uid: 'a' });
    expect(status).toBe(200);
    expect(body.parameter.modified).toBeTypeOf('number');
  });

  it.each(['toString', 'noSuchThing', '__proto__', 'readWholeSite'])(
    'The operation %s is unknown',
    async (operation) => {
      expect(await post(operation, {})).toMatchObject({
        status: 404,
        body: { code: 'unknown-operation' },
      });
    },
  );

  it.each([
    [{ site: '../etc' }, 'site'],
    [{ site: 'default', uid: 'a/b' }, 'uid'],
    [{ expected: 'x' }, 'expected'],
    [{ input: [] }, 'input'],
    [{ more: 1 }, 'more'],
  ])('The call %j is refused with the place of its problem', async (call, where) => {
    const { status, body } = await post('readCron', call);
    expect([status, body.problems?.[0]?.where]).toEqual([422, where]);
  });

  it('A site is answered without its crons, which have a list with pages', async () => {
    await world.save('a', { name: 'task', periodicity: '@daily' });
    const { body } = await post('readSite', { site: 'default' });
    expect(body).toMatchObject({ site: 'default', counts: { crons: 1 } });
    expect(body).not.toHaveProperty('crons');
  });

  it('A call that a page of another site sends is refused', async () => {
    const { status } = await post('siteNames', {}, { 'Sec-Fetch-Site': 'cross-site' });
    expect(status).toBe(403);
  });

  it('A call may hold a whole profile, and no more', async () => {
    const fields = { name: 'task', environ: { text: 'x'.repeat(500_000) } };
    const steps = [{ uid: 'a', kind: 'add', fields }];
    expect((await post('checkSteps', { site: 'default', input: { steps } })).status).toBe(200);
    expect(
      (await post('checkSteps', { site: 'default', input: { steps: [...steps, ...steps, ...steps] } }))
        .status,
    ).toBe(413);
  });
});
