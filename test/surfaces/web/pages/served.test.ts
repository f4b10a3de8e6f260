import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeApi } from '../../../../lib/surfaces/web/api/description.ts';
import { assets } from '../../../../lib/surfaces/web/assets/assets.ts';
import type { ApiDocument } from '../../../../lib/surfaces/web/pages/api-page.ts';
import { refreshSeconds } from '../../../../lib/surfaces/web/pages/refresh.ts';
import { NOON } from '../../../support/jobs.ts';
import { attributes, texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

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
  '/sites/default/history',
  '/api',
  '/sites/default/new',
  '/sites/default/crons/a',
  '/sites/default/crons/a/edit',
  '/sites/default/crons/a/history',
  '/sites/nowhere',
];

describe('every page', () => {
  it.each(PAGES)(
    'The page %s has no inline scripts or styles, and loads nothing from other sites',
    async (path) => {
      const { html, headers } = await visitor.get(path);
      expect(html).not.toMatch(/<[^>]+ (?:style|on\w+)=/);
      expect(html).not.toMatch(/<script(?! type="module" src="\/assets\/)/);
      expect(html).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
      expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(headers.get('Cache-Control')).toBe('no-store');
    },
  );

  it.each(PAGES)('The page %s has one heading, one main element, and unique ids', async (path) => {
    const { html } = await visitor.get(path);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html.match(/<main/g)).toHaveLength(1);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, id] of html.matchAll(/ for="([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('The script of all pages is one module, which imports nothing', () => {
    expect(assets.script.content).toContain('function loadTimeline(');
    expect(assets.script.content).not.toMatch(/^(?:import|export) /m);
  });

  it('A page names the stream of events where the server has one', async () => {
    const page = await new Visitor(world.ports, { events: '/events' }).get('/sites/default');
    expect(attributes(page, '#lost', 'data-events')).toEqual(['/events']);
    expect(attributes(await visitor.get('/sites/default'), '#lost', 'data-events')).toEqual([undefined]);
  });

  it('A page says how much of the crontab has been read, and refreshes every second meanwhile', async () => {
    const reading = () => ({ done: 350, of: 1_000 });
    const { text, document } = await new Visitor(world.ports, { reading }).get('/sites/default');
    expect(text).toContain('Reading the files: 350 of 1,000. Crons that have not been read yet are missing');
    expect(document.querySelector('main')?.getAttribute('data-refresh')).toBe('1');
    expect(document.querySelector('progress')?.attributes).toMatchObject({ max: '1000', value: '350' });
    expect((await visitor.get('/sites/default')).text).not.toContain('Reading');
  });

  it('An unknown path answers with a page to browsers and with JSON to programs', async () => {
    const page = await visitor.get('/nothing');
    expect(page.status).toBe(404);
    expect(texts(page, 'h1')).toEqual(['Not found']);
    expect(texts(page, 'section > p')).toEqual([expect.stringContaining('/nothing'), 'To all sites']);
    expect(attributes(page, 'section a', 'href')).toEqual(['/sites']);
    const below = await visitor.get('/sites/default/crons/nope');
    expect(attributes(below, 'section a', 'href')).toEqual(['/sites/default', '/sites']);
    expect(attributes(await visitor.get('/sites/nope'), 'section a', 'href')).toEqual(['/sites']);
    expect((await visitor.get('/api/nothing')).headers.get('Content-Type')).toContain('problem+json');
  });
});

describe('the reference of the API', () => {
  it('The reference has each endpoint of the OpenAPI document, with its parameters, fields and answers', async () => {
    const page = await visitor.get('/api');
    const document: ApiDocument = JSON.parse(describeApi());
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(attributes(page, '.api details', 'id')).toEqual(ids);
    expect(attributes(page, '.actions a', 'href')).toEqual(['/api/openapi.json']);
    expect(texts(page, '#addCron summary')).toEqual(['POST Add a cron : /api/sites/{site}/crons']);
    expect(texts(page, '#addCron dt')).toEqual(
      expect.arrayContaining(['site', 'newSite', 'periodicity', '409']),
    );
    expect(texts(page, '#addCron .facts > div')).toEqual(
      expect.arrayContaining(['site string, in the path', 'newSite boolean, in the query, optional']),
    );
    expect(page.text).not.toContain('undefined');
  });
});

describe('the assets', () => {
  it.each(Object.values(assets))(
    'The asset of type $type is served with an immutable cache lifetime',
    async ({ path, type, content }) => {
      const { html, headers } = await visitor.get(path);
      expect(html).toBe(content);
      expect(headers.get('Content-Type')).toBe(type);
      expect(headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    },
  );
});

describe('refreshSeconds', () => {
  const MINUTE = 60_000;
  it.each([
    ['a recent action', 1, { isEager: true, running: true }],
    ['a run in progress', 2, { running: true }],
    ['a next run within the usual interval', 12, { next: NOON + 10_000 }],
    ['a later next run', 20, { next: NOON + MINUTE }],
    ['no planned run', 20, {}],
    ['a late run', 2, { next: NOON - MINUTE }],
  ])('A page with %s is refreshed after %i s', (_state, seconds, times) => {
    expect(refreshSeconds({ now: NOON, running: false, isEager: false, ...times })).toBe(seconds);
  });
});
