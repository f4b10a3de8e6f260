// cspell:ignoreRegExp /\p{Script=Arabic}+/gu
/** Every page in every layout, with realistic data: axe, horizontal scrolling, the console, scripts off, and the tab order. */
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordId } from '../../lib/core/domain/run-record.ts';
import { openBrowser } from './browser.ts';
import { openLargeScene } from './large-scene.ts';
import { type Person, personAt } from './person.ts';
import { addCron, type Scene } from './scene.ts';

let browser: Browser;
let scene: Scene;
/** The path of the newest run of each cron. */
let runs: ReadonlyMap<string, string>;
beforeAll(async () => {
  browser = await openBrowser();
  scene = await openLargeScene();
  const { records } = await scene.laptop.ports.store.activity('default', { limit: 100 });
  const paths = records.map((record) => [record.uid, `runs/${recordId(record)}`] as const);
  runs = new Map(paths.toReversed());
}, 180_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await browser.close();
});

const PAGES = [
  '/sites',
  '/sites/default',
  '/sites/default/timeline',
  '/runs',
  '/sites/default/runs?show=all&period=week',
  '/sites/default/settings',
  '/sites/default/history',
  '/api',
  '/sites/shop?sort=health',
  '/sites/reports?q=36-characters&show=problem',
  '/sites/locked',
  '/runs?show=all&period=week',
  '/sites/shop/crons/shop-1',
  '/sites/shop/crons/shop-2/history',
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

const PHONE = { width: 390, height: 844 };

/** What axe finds on the page as it is now; with `rule` alone, if one is given. */
async function violationsOf({ page }: Person, rule?: string): Promise<string[]> {
  const options = rule === undefined ? {} : { runOnly: [rule] };
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

/** The pixels that the page is wider than the window. */
const overflowOf = ({ page }: Person) => page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** Opens the page; `newest` in its path means the newest run. */
function openPage(person: Person, path: string): Promise<void> {
  const [, uid = ''] = /crons\/([^/]+)\/runs\/newest$/.exec(path) ?? [];
  return person.open(path.replace('runs/newest', runs.get(uid) ?? ''));
}

describe('all pages', () => {
  it.each(PAGES)(
    'The page %s passes axe, fits the window and is quiet: wide, dark and on a phone',
    async (path) => {
      await using person = await personAt(browser, scene.url, { viewport: { width: 1280, height: 900 } });
      await openPage(person, path);
      await person.page.evaluate(axe.source);
      expect(await violationsOf(person)).toEqual([]);
      expect(await overflowOf(person)).toBe(0);
      await person.page.emulateMedia({ colorScheme: 'dark' });
      expect(await violationsOf(person, 'color-contrast')).toEqual([]);
      await person.page.setViewportSize(PHONE);
      expect(await violationsOf(person)).toEqual([]);
      expect(await overflowOf(person)).toBe(0);
      expect(person.complaints).toEqual([]);
    },
  );
});

describe('rows', () => {
  const heightsOf = ({ page }: Person) =>
    page.locator('tbody .row').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));

  it.each([
    ['/sites/shop?sort=health', 84],
    ['/sites/reports?show=problem', 84],
    ['/sites/default', 84],
    ['/runs?show=all&period=week', 96],
  ])(
    'On a phone the rows of %s are at most %i px high, and 40 px where the page is wide',
    async (path, max) => {
      await using person = await personAt(browser, scene.url, { viewport: PHONE });
      await person.open(path);
      expect(Math.max(...(await heightsOf(person)))).toBeLessThanOrEqual(max);
      await person.page.setViewportSize({ width: 1280, height: 900 });
      expect(Math.max(...(await heightsOf(person)))).toBeLessThanOrEqual(40);
    },
  );

  it('A list of runs of 1280 px shows uids of 36 characters whole', async () => {
    await using person = await personAt(browser, scene.url, { viewport: { width: 1280, height: 900 } });
    await person.open('/runs?show=all&period=week&uid=shop-7-with-a-name-of-36-characters-');
    const uid = person.page.locator('.runs-list .name a').first();
    expect((await uid.textContent())?.length).toBe(36);
    expect(await uid.evaluate((link) => link.scrollWidth <= link.clientWidth)).toBe(true);
  });
});

describe('pages without scripts', () => {
  it.each(PAGES)('The page %s shows its content without scripts', async (path) => {
    await using person = await personAt(browser, scene.url, { javaScriptEnabled: false });
    await openPage(person, path);
    await person.finds('h1');
    await person.misses('#zone');
  });
});

describe('the order of the Tab key', () => {
  const ORDERED = [
    '/sites',
    '/sites/shop?sort=health',
    '/runs?show=all&period=week',
    '/sites/shop/crons/shop-1',
    '/sites/default/history',
    '/sites/default/settings',
    '/api',
    '/sites/default/new',
    '/sites/default/crons/ping-shop/edit',
  ];

  it.each(ORDERED)('On a phone the Tab key goes down the page %s, to visible elements only', async (path) => {
    await using person = await personAt(browser, scene.url, { viewport: PHONE });
    await person.open(path);
    let bottom = 0;
    const seen: string[] = [];
    for (let count = 0; count < 60; count++) {
      await person.page.keyboard.press('Tab');
      const { top, height, text, isCovered } = (await person.page.evaluate(FOCUSED)) as Focused;
      if (text === 'BODY') break;
      seen.push(text);
      expect(height, text).toBeGreaterThan(8);
      expect(isCovered, text).toBe(false);
      expect(top + height, seen.join(' → ')).toBeGreaterThan(bottom - 200 * Number(count < 2));
      bottom = top + height - MAX_HEIGHT_OF_A_LINE;
    }
    expect(seen[0]).toBe('A Skip to the content');
  });
});

interface Focused {
  readonly top: number;
  readonly height: number;
  readonly text: string;
  /** By the buttons of a form, which stay at the bottom of the window. */
  readonly isCovered: boolean;
}

/** Elements of one line have different heights. */
const MAX_HEIGHT_OF_A_LINE = 60;

const FOCUSED = `(() => {
  const { tagName, textContent } = document.activeElement;
  const { top, height } = document.activeElement.getBoundingClientRect();
  const save = document.querySelector('.save');
  const isCovered =
    save !== null && !save.contains(document.activeElement) && top + height > save.getBoundingClientRect().top;
  const isFixed = document.activeElement.closest('.top') !== null;
  const text = tagName + (tagName === 'BODY' ? '' : ' ' + textContent.trim().slice(0, 40));
  return { top: top + (isFixed ? 0 : scrollY), height, text, isCovered };
})()`;

describe('text from right to left', () => {
  it('It begins at the right, and leaves the text beside it in order', async () => {
    const message = 'تعذر الاتصال: backup-2 (30 ثانية)';
    const definition = { name: 'backup', periodicity: '@daily', description: message };
    const past = [{ minutes: 9, status: 'FAILURE', messages: [message, 'The disk is full.'] }] as const;
    await addCron(scene, 'mixed', definition, past);
    await using person = await personAt(browser, scene.url, { viewport: { width: 1280, height: 900 } });
    await person.open('/sites/default/crons/mixed');
    const sideOf = (selector: string) => person.page.evaluate(`(${SIDE})(${JSON.stringify(selector)})`);
    const directionOf = (selector: string) =>
      person.page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).direction`);
    expect(await sideOf('#logs .messages li:first-child')).toBe('right');
    expect(await sideOf('#logs .messages li:last-child')).toBe('left');
    expect(await directionOf('#title p[dir="auto"]')).toBe('rtl');
    const off = JSON.stringify({ ...definition, activated: false });
    await scene.laptop.ports.registry.write({ site: 'default', uid: 'mixed' }, off, 'ana: نقل الخادم (7)');
    await scene.laptop.refresh();
    await person.open('/sites/default/crons/mixed');
    // "(7)" and the direction belong to the note, and the line around it stays as it is.
    expect(await directionOf('#next bdi + bdi')).toBe('rtl');
    expect(await directionOf('#next .none')).toBe('ltr');
  });
});

/** The side of that element at which its text begins. */
const SIDE = `(selector) => {
  const element = document.querySelector(selector);
  const range = document.createRange();
  range.selectNodeContents(element);
  const text = range.getBoundingClientRect();
  const { left, right } = element.getBoundingClientRect();
  return text.left - left < right - text.right ? 'left' : 'right';
}`;
