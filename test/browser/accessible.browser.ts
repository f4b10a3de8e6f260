/** Accessibility checks with axe on every page and layout. */
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordId } from '../../lib/core/domain/run-record.ts';
import { openBrowser } from './browser.ts';
import { personAt } from './person.ts';
import { openScene, type Scene } from './scene.ts';
import { fillScene } from './story-scene.ts';

let browser: Browser;
let scene: Scene;
/** The path of the newest run of each cron. */
let runs: ReadonlyMap<string, string>;
beforeAll(async () => {
  browser = await openBrowser();
  scene = await openScene();
  await fillScene(scene);
  const { records } = await scene.laptop.ports.store.activity('default', { limit: 100 });
  const paths = records.map((record) => [record.uid, `runs/${recordId(record)}`] as const);
  runs = new Map(paths.toReversed());
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await browser.close();
});

const PAGES = [
  '/sites',
  '/sites/default',
  '/runs',
  '/sites/default/runs?show=all&period=week',
  '/sites/default/settings',
  '/sites/default/new',
  '/sites/default/crons/nightly-report',
  '/sites/default/crons/backup-eu',
  '/sites/default/crons/cleanup',
  '/sites/default/crons/cleanup/edit',
  '/sites/default/crons/cleanup/history',
  '/sites/default/crons/cleanup/why?time=2030-03-31T01:30:00Z',
  '/sites/nowhere',
  '/sites/default/crons/nightly-report/runs/newest',
  '/sites/default/crons/backup-eu/runs/newest',
];

const LOOKS = [
  { look: 'wide', viewport: { width: 1280, height: 900 } },
  { look: 'dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { look: 'phone', viewport: { width: 390, height: 844 } },
] as const;

describe.each(LOOKS)('the $look layout', ({ look, ...options }) => {
  it.each(PAGES)(`The page %s passes axe and fits the window in the ${look} layout`, async (path) => {
    await using person = await personAt(browser, scene.url, options);
    const [, uid = ''] = /crons\/([^/]+)\/runs\/newest$/.exec(path) ?? [];
    await person.open(path.replace('runs/newest', runs.get(uid) ?? ''));
    await person.page.evaluate(axe.source);
    const { violations } = (await person.page.evaluate('axe.run()')) as AxeResults;
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    expect(person.complaints).toEqual([]);
    // The page needs no horizontal scrolling.
    expect(await person.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});
