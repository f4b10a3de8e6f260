import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeApp } from '../../lib/admin/app.ts';
import type { SiteView } from '../../lib/admin/site-view.ts';
import { project } from '../../lib/handlers/project.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const get = (path: string) => makeApp(world.ports).request(path);
const site = async (name: string): Promise<SiteView> =>
  JSON.parse(await (await get(`/api/sites/${name}`)).text());

describe('the admin application', () => {
  it('says that it is there', async () => {
    expect(await (await get('/health')).json()).toEqual({ ok: true });
  });

  it('shows a site with its crons, their next times and their logs', async () => {
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await world.save('a', { name: 'task', periodicity: '0 * * * *' });
    world.task = () => 'done with a remark';
    await world.clock.advance(30 * 60_000);
    for (const delivery of world.delivered) await world.run(delivery);
    expect(await site('default')).toMatchObject({
      site: 'default',
      crontab: { activated: true, readOnly: false, timezone: 'Europe/Paris' },
      crons: [
        {
          uid: 'a',
          name: 'task',
          periodicity: '0 * * * *',
          next: '2026-03-02T13:00:00Z',
          running: [],
          logs: [{ at: '2026-03-02T12:00:00Z', status: 'WARN', messages: ['done with a remark'] }],
        },
      ],
    });
  });

  it('shows what is wrong with a rejected parameter next to what is in force', async () => {
    await world.save('a', { name: 'task', periodicity: '0 * * * *' });
    await world.edit('a', '{"name":"task"}');
    await world.edit('b', 'not JSON');
    const { crons } = await site('default');
    expect(crons).toMatchObject([
      { uid: 'a', periodicity: '0 * * * *', rejected: { version: 2, problems: [{ where: 'periodicity' }] } },
      { uid: 'b', running: [], logs: [], rejected: { version: 1, problems: [{ where: 'value' }] } },
    ]);
  });

  it('shows what runs', async () => {
    await world.save('a', { name: 'task', periodicity: '0 * * * *' });
    const seen: unknown[] = [];
    world.task = async () => {
      seen.push((await site('default')).crons[0]?.running);
      return undefined;
    };
    await world.clock.advance(30 * 60_000);
    for (const delivery of world.delivered) await world.run(delivery);
    expect(seen).toEqual([['2026-03-02T12:00:00Z']]);
  });

  it('leaves out what was removed', async () => {
    await world.save('a', { name: 'task', periodicity: '0 * * * *' });
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await project(world.ports, { site: 'default', uid: 'a' });
    expect((await site('default')).crons).toEqual([]);
  });

  it('shows a site that nobody wrote as empty, with the defaults', async () => {
    expect(await site('nowhere')).toEqual({
      site: 'nowhere',
      crontab: { activated: true, readOnly: false, timezone: 'UTC' },
      crons: [],
    });
  });

  it('refuses a site that cannot be', async () => {
    const response = await get('/api/sites/Not%20Valid');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'site: got "Not Valid", wanted 1 to 16 lower-case letters, digits and dashes.',
    });
  });
});
