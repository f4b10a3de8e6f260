import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assets } from '../../../lib/admin/assets/assets.ts';
import { refreshSeconds } from '../../../lib/admin/pages/refresh.ts';
import { NOON } from '../../support/jobs.ts';
import { Visitor } from '../../support/visitor.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
let visitor: Visitor;
beforeEach(async () => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

const PAGES = [
  '/sites',
  '/sites/default',
  '/sites/default/settings',
  '/sites/default/new',
  '/sites/default/crons/a',
  '/sites/default/crons/a/edit',
  '/sites/default/crons/a/history',
  '/sites/nowhere',
];

describe('a page', () => {
  it.each(PAGES)('%s has nothing inline, and nothing from elsewhere', async (path) => {
    const { html, headers } = await visitor.get(path);
    expect(html).not.toMatch(/<[^>]+ (?:style|on\w+)=/);
    expect(html).not.toMatch(/<script(?! type="module" src="\/assets\/)/);
    expect(html).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it.each(PAGES)('%s has one heading, one main part, and every id once', async (path) => {
    const { html } = await visitor.get(path);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html.match(/<main/g)).toHaveLength(1);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, id] of html.matchAll(/ for="([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('that is not there is a page for people and JSON for programs', async () => {
    const { status, text } = await visitor.get('/nothing');
    expect(status).toBe(404);
    expect(text).toContain('Not found There is nothing at /nothing. To the overview');
    expect((await visitor.get('/api/nothing')).headers.get('Content-Type')).toContain('problem+json');
  });
});

describe('what pages need', () => {
  it.each(Object.values(assets))(
    'is served as $type, to be kept for good',
    async ({ path, type, content }) => {
      const { html, headers } = await visitor.get(path);
      expect(html).toBe(content);
      expect(headers.get('Content-Type')).toBe(type);
      expect(headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    },
  );
});

describe('a page is looked at again', () => {
  const MINUTE = 60_000;
  it.each([
    ['soon after something was asked for', { isEager: true, running: true }, 1],
    ['while something runs', { running: true }, 2],
    ['right after the next run', { next: NOON + 10_000 }, 12],
    ['now and then', { next: NOON + MINUTE }, 20],
    ['when nothing is planned, too', {}, 20],
    ['when a run is late', { next: NOON - MINUTE }, 2],
  ])('%s', (_when, times, seconds) => {
    expect(refreshSeconds({ now: NOON, running: false, isEager: false, ...times })).toBe(seconds);
  });
});
