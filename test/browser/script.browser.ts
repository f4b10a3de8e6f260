// cspell:ignore fulfill
/** Behaviour of the pages that needs the script. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileSecrets } from '../../lib/adapters/local/file-secrets.ts';
import { describePeriodicity } from '../../lib/app/operations/describe-periodicity.ts';
import { openBrowser } from './browser.ts';
import { CONFIRM, DONE, SAVE } from './main-path.ts';
import { type Person, personAt } from './person.ts';
import { addCron, openScene, type Scene } from './scene.ts';

let browser: Browser;
let scene: Scene;
let ada: Person;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  scene = await openScene();
  ada = await personAt(browser, scene.url);
});
afterEach(async () => {
  expect(ada.complaints).toEqual([]);
  await ada[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

const REPORT = { name: 'report', periodicity: '30 2 * * *', environ: { to: 'team@example.com' } };

/** Dispatches the event of a user who returns to the page. */
const RETURN = "document.dispatchEvent(new Event('visibilitychange'))";

/** The abbreviations of the zones of all clock times of the page, in order, also of those in titles and labels. */
const ZONES =
  '[...new Set([...document.body.outerHTML.matchAll(/\\d\\d:\\d\\d(?::\\d\\d)? (GMT[-+][\\d:]+|[A-Z]{3,4})\\b/g)].map(([, zone]) => zone))].sort()';

/** Counts the requests for whole pages from now on. */
function countPages(): () => number {
  let count = 0;
  ada.page.on('request', (request) => {
    if (request.isNavigationRequest()) count++;
  });
  return () => count;
}

/** Counts what the form asks from now on. */
function countRequests(): () => { readonly previews: number; readonly changes: number } {
  const counts = { previews: 0, changes: 0 };
  ada.page.on('request', (request) => {
    if (request.url().includes('/preview?')) counts.previews++;
    else if (request.url().endsWith('/edit') && !request.isNavigationRequest()) counts.changes++;
  });
  return () => counts;
}

describe('the script', () => {
  it('The script shows the result of a run without reloading the page', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    const pageCount = countPages();
    await ada.clicks('button', '#run-now');
    await ada.finds('#watch .result.is-WARN', 'Two figures are older than a day.');
    expect(pageCount()).toBe(0);
  });

  it('The script loads the timeline, which leads to a run by Tab and arrow keys', async () => {
    await addCron(scene, 'nightly', REPORT, [
      { minutes: 200, status: 'OK' },
      { minutes: 300, status: 'FAILURE' },
    ]);
    await ada.open('/sites/default');
    await ada.page.locator('.lane-name a').focus();
    await ada.page.keyboard.press('Tab');
    expect(await ada.page.evaluate('document.activeElement.textContent')).toContain('failed');
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('ArrowRight');
    expect(await ada.page.evaluate('document.activeElement.textContent')).toContain('OK');
    await ada.page.keyboard.press('Enter');
    await ada.page.waitForURL(/\/crons\/nightly\/runs\/\d+$/);
  });

  it('A click on an empty place of a lane says why nothing ran at that minute', async () => {
    await addCron(scene, 'nightly', REPORT, [{ minutes: 200, status: 'OK' }]);
    await ada.open('/sites/default');
    const lane = ada.page.locator('.track');
    const { width } = (await lane.boundingBox()) ?? { width: 0 };
    const from = Number(await ada.page.locator('.lanes').getAttribute('data-from'));
    const to = Number(await ada.page.locator('.lanes').getAttribute('data-to'));
    await lane.click({ position: { x: width / 4, y: 3 } });
    await ada.page.waitForURL(/\/crons\/nightly\/why\?time=/);
    const time = Date.parse(new URL(ada.page.url()).searchParams.get('time') ?? '');
    // A pixel is a few minutes.
    expect(Math.abs(time - (from + (to - from) / 4))).toBeLessThan(600_000);
    await ada.finds('#why-title');
  });

  it('The script shows changes by others and keeps the ticked crons', async () => {
    await addCron(scene, 'a', { ...REPORT, periodicity: '* * * * *' });
    await ada.open('/sites/default');
    await ada.ticks('#pick-a');
    const pageCount = countPages();
    await addCron(scene, 'b', REPORT);
    await ada.page.evaluate(RETURN);
    await ada.finds('#pick-b');
    expect(await ada.page.locator('#pick-a').isChecked()).toBe(true);
    expect(pageCount()).toBe(0);
  });

  it('A refresh keeps a note that was typed and not sent yet', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default/crons/a');
    await ada.page.locator('#switch summary').click();
    expect(await ada.page.locator('#note:focus').count()).toBe(1);
    await ada.page.locator('#note').fill('the disk is full');
    await ada.page.locator('#switch summary').focus();
    await addCron(scene, 'a', { ...REPORT, description: 'Sends the figures' });
    await ada.page.evaluate(RETURN);
    await ada.finds('#title', 'Sends the figures');
    expect(await ada.page.locator('#note').inputValue()).toBe('the disk is full');
    await ada.page.keyboard.press('Escape');
    await ada.misses('#note');
    await ada.page.locator('#switch summary').click();
    expect(await ada.page.locator('#note').inputValue()).toBe('the disk is full');
  });

  it('An open page shows within a second what happens in another process', async () => {
    await addCron(scene, 'a', { name: 'backup', periodicity: '@daily' });
    const streaming = ada.page.waitForResponse((response) => response.url().endsWith('/events'));
    await ada.open('/sites/default');
    await streaming;
    const pageCount = countPages();
    const asked = ada.page.waitForRequest((request) => request.url().endsWith('/sites/default'), {
      timeout: 1_500,
    });
    await scene.laptop.ports.registry.write({ site: 'default', uid: 'b' }, JSON.stringify(REPORT), 'ben');
    await asked;
    await ada.finds('#pick-b');
    expect(pageCount()).toBe(0);
  });

  it('The script keeps the focus and the selected text when it refreshes the page', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default');
    await ada.page.locator('#rows a').focus();
    await ada.page.evaluate("getSelection().selectAllChildren(document.querySelector('#rows code'))");
    await addCron(scene, 'b', REPORT);
    await ada.page.evaluate(RETURN);
    await ada.finds('#pick-b');
    expect(await ada.page.evaluate("document.activeElement?.getAttribute('href')")).toMatch(
      /\/sites\/default\/crons\/a$/,
    );
    expect(await ada.page.evaluate('getSelection().toString()')).toBe(REPORT.periodicity);
  });

  it('The script refreshes the page soon after an action and keeps its message', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default');
    await ada.ticks('#pick-a');
    await ada.page.locator('#bulk-switch summary').click();
    await ada.clicks('button', '.bulk [value="off"]');
    await ada.finds(DONE);
    await addCron(scene, 'b', REPORT);
    await ada.finds('#pick-b');
    await ada.finds(DONE);
  });

  it('The script previews the schedule and its problems while the user types', async () => {
    await ada.open('/sites/default/new');
    await ada.types('periodicity', '0 9 * * 1-5');
    await ada.finds('#preview .words', describePeriodicity('0 9 * * 1-5', ''));
    await ada.types('periodicity', '0 24 * * *');
    await ada.finds('#preview .wrong', '"24"');
    await ada.types('periodicity', '@weekly');
    await ada.types('timezone', 'Asia/Tokyo');
    await ada.finds('#preview .words', describePeriodicity('@weekly', ''));
    expect(await ada.page.locator('#preview li').count()).toBe(5);
  });

  it('The script shows before Save what saving changes, as the history shows it afterwards', async () => {
    await addCron(scene, 'nightly', { ...REPORT, environ: { to: 'team@example.com', pages: 4 } });
    await ada.open('/sites/default/crons/nightly/edit');
    const list = ada.page.locator('#changes li');
    const line = '#changes-line[role="status"]';
    await ada.finds(line, 'No changes yet');
    await ada.misses('[value="review"]');
    const asked = countRequests();
    await ada.types('periodicity', '0 4 * * 1');
    await ada.selects('overlap', 'buffer');
    await ada.types('environ.pages@report', '8');
    await ada.finds(line, '3 changes: periodicity, environ.pages, overlap');
    expect(await list.allTextContents()).toEqual([
      'periodicity 30 2 * * * → 0 4 * * 1',
      'environ.pages 4 → 8',
      'overlap not set → buffer',
    ]);
    await ada.finds('#preview .words', describePeriodicity('0 4 * * 1', ''));
    expect(asked().previews).toBe(1);
    expect(asked().changes).toBeLessThanOrEqual(3);
    await ada.selects('overlap', '');
    await ada.finds(line, '2 changes: periodicity, environ.pages');
    const answered = ada.page.waitForResponse((response) => response.url().endsWith('/edit'));
    await ada.types('periodicity', '0 4 * * 1');
    await answered;
    expect(asked().previews).toBe(1);
    await ada.clicks('button', SAVE);
    await ada.finds(DONE);
    await ada.open('/sites/default/crons/nightly/history');
    expect(await ada.page.locator('.versions > :first-child .changes code').allTextContents()).toEqual([
      'environ.pages',
      'periodicity',
    ]);
    await ada.finds('.versions > :first-child ins', '0 4 * * 1');
  });

  it('What saving changes and the buttons stay in view along a long list of inputs', async () => {
    const long = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`x-${n}`, 'y']));
    const environ = { url: 'https://shop.example.com/', headers: long, body: long };
    await addCron(scene, 'nightly', { name: 'http', periodicity: '@daily', environ });
    await ada.page.setViewportSize({ width: 1280, height: 560 });
    await ada.open('/sites/default/crons/nightly/edit');
    await ada.types('environ.timeout@http', '10');
    await ada.finds('#changes-line', 'One change: environ.timeout');
    await ada.page.locator('#environ-as-json').scrollIntoViewIfNeeded();
    for (const selector of ['#environ-as-json', '#changes', SAVE]) {
      const { y, height } = (await ada.page.locator(selector).boundingBox()) ?? { y: 0, height: 0 };
      expect(y, selector).toBeGreaterThan(60);
      expect(y + height, selector).toBeLessThan(560);
    }
  });

  it('The script shows what saving the settings changes', async () => {
    await ada.open('/sites/default/settings');
    await ada.types('timezone', 'Asia/Tokyo');
    await ada.finds('#changes-line', 'One change: timezone');
    await ada.finds('#changes-list li', 'timezone UTC → Asia/Tokyo');
  });

  it('A form that the browser filled in again shows its difference', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly/edit');
    await ada.finds('#changes-line', 'No changes yet');
    // Some browsers do so without an event.
    await ada.page.addInitScript(
      "addEventListener('DOMContentLoaded', () => { document.getElementById('overlap').value = 'buffer'; })",
    );
    await ada.page.reload();
    await ada.finds('#changes-line', 'One change: overlap');
  });

  it('The script says while the user types that the site has no secret of that name', async () => {
    await new FileSecrets(scene.laptop.folder.secrets).write('default', 'mail', 'hunter2-hunter2');
    await ada.open('/sites/default/new');
    await ada.ticks('[value="report"]');
    await ada.page.locator('.secret:has([name="secret.token@report"]) > summary').click();
    await ada.types('secret.token@report', 'post');
    await ada.finds('.missing', 'cloudtab secret set post');
    await ada.types('secret.token@report', 'mail');
    await ada.misses('.missing:not(:empty)');
  });

  it('Every page shows all its times in the zone that the reader chose, also when it is opened again', async () => {
    await scene.laptop.ports.registry.write({ site: 'default' }, '{"timezone": "Asia/Kolkata"}');
    const past = [
      { minutes: 200, status: 'FAILURE' },
      { minutes: 260, status: 'OK' },
    ] as const;
    await addCron(scene, 'nightly', { ...REPORT, periodicity: '0 * * * *' }, past);
    await addCron(scene, 'nightly', { ...REPORT, periodicity: '30 * * * *' });
    await addCron(scene, 'off', { ...REPORT, activated: false });
    const { page } = ada;
    const cron = '/sites/default/crons/nightly';
    await ada.open(cron);
    await ada.clicks('button', '#run-now');
    await ada.finds('#watch .result');
    await ada.finds('.logs li:first-child .run-link');
    const run = (await page.locator('.logs .run-link').first().getAttribute('href'))?.replace(/^\/[^/]*/, '');
    const time = new Date(Date.now() - 200 * 60_000).toISOString();
    const zonesAt = (path: string) =>
      expect.poll(() => page.evaluate(ZONES), { message: path, timeout: 5_000 });
    const paths = ['/sites', '/sites/default', '/sites/default/timeline', '/runs?show=all', cron, `${run}`];
    for (const path of [...paths, `${cron}/history`, `${cron}/edit`, `${cron}/why?time=${time}`]) {
      // A list of all sites says in UTC how far it goes.
      const usual = path.startsWith('/runs') ? ['GMT+5:30', 'UTC'] : ['GMT+5:30'];
      await ada.open(path);
      if (path === '/sites/default') await ada.finds('.axis');
      await zonesAt(path).toEqual(usual);
      await page.locator('#zone').selectOption('UTC');
      await ada.finds('#times-in', 'Times in UTC');
      await zonesAt(path).toEqual(['UTC']);
      await ada.open(path);
      await zonesAt(path).toEqual(['UTC']);
      await page.locator('#zone').selectOption('');
      await zonesAt(path).toEqual(usual);
    }
  });

  it('A switch of the zone shows the axis, the steps of a run and its output in the zone', async () => {
    await scene.laptop.ports.registry.write({ site: 'default' }, '{"timezone": "Asia/Kolkata"}');
    await addCron(scene, 'nightly', REPORT, [{ minutes: 200, status: 'OK' }]);
    const { page } = ada;
    await ada.open('/sites/default');
    await ada.finds('.axis');
    const hour = page.locator('.axis .hour').first();
    const position = await hour.getAttribute('x');
    await page.locator('#zone').selectOption('UTC');
    await expect.poll(() => hour.getAttribute('x')).not.toBe(position);
    expect(await hour.textContent()).toMatch(/:00$/);
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('button', '#run-now');
    await ada.finds('#watch .result');
    await ada.finds('.logs li:nth-child(2) .run-link');
    await page.locator('.logs .run-link').first().click();
    await ada.finds('#lines li');
    const exact = page.locator('#lines time, #result li:not(:first-child) time:not([data-ago], .is-next *)');
    const isUtc = async () => {
      const times = await exact.all();
      const texts = times.map(async (time) =>
        `${await time.getAttribute('datetime')}`.includes(`T${await time.textContent()}Z`),
      );
      return (await Promise.all(texts)).every(Boolean);
    };
    await expect.poll(isUtc).toBe(true);
    const count = await exact.count();
    const lineCount = await page.locator('#lines li').count();
    expect(count).toBeGreaterThan(3);
    await page.locator('#zone').selectOption('');
    await expect.poll(async () => (await exact.count()) === count && !(await isUtc())).toBe(true);
    expect(await page.locator('#lines li').count()).toBe(lineCount);
  });

  it('A switch of the zone keeps what was typed, the ticked crons and the focus', async () => {
    await scene.laptop.ports.registry.write({ site: 'default' }, '{"timezone": "Asia/Kolkata"}');
    await addCron(scene, 'nightly', REPORT);
    const { page } = ada;
    await ada.open('/sites/default');
    await ada.ticks('#pick-nightly');
    await page.locator('#zone').selectOption('UTC');
    await ada.finds('#rows .next', 'UTC');
    expect(await page.locator('#pick-nightly').isChecked()).toBe(true);
    expect(await page.evaluate('document.activeElement.id')).toBe('pick-nightly');
    await ada.open('/sites/default/crons/nightly/edit');
    await ada.types('description', 'Sends the figures');
    await ada.types('periodicity', '0 3 * * *');
    await ada.finds('#preview', '21:30 UTC');
    await page.locator('#zone').selectOption('');
    await ada.finds('#preview', '03:00 GMT+5:30');
    expect(await page.locator('#description').inputValue()).toBe('Sends the figures');
    expect(await page.locator('#periodicity').inputValue()).toBe('0 3 * * *');
  });

  it('The script selects all listed crons with one checkbox', async () => {
    for (const uid of ['a', 'b']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    await ada.ticks('[data-pick-all]');
    expect(await ada.page.locator('#pick-a').isChecked()).toBe(true);
    expect(await ada.page.locator('#pick-b').isChecked()).toBe(true);
  });

  it('Buttons and the menu for the selected crons can be used as soon as one is selected', async () => {
    for (const uid of ['a', 'b']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    const runNow = ada.page.locator('.bulk [value="run"]');
    expect(await runNow.isDisabled()).toBe(true);
    const menu = ada.page.locator('#bulk-switch');
    await menu.locator('summary').click({ force: true });
    expect(await menu.getAttribute('open')).toBeNull();
    await ada.ticks('#pick-a');
    expect(await runNow.isEnabled()).toBe(true);
    await menu.locator('summary').click();
    expect(await menu.getAttribute('open')).not.toBeNull();
    await ada.page.locator('#pick-a').uncheck();
    expect(await runNow.isDisabled()).toBe(true);
    expect(await menu.getAttribute('open')).toBeNull();
  });

  it('The list shows what matches while the user types, at an address of its own', async () => {
    for (const uid of ['nightly', 'hourly']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    const pageCount = countPages();
    await ada.page.getByRole('searchbox').pressSequentially('night');
    await ada.misses('#pick-hourly');
    await ada.finds('#pick-nightly');
    expect(new URL(ada.page.url()).search).toBe('?q=night&show=all&sort=uid');
    expect(await ada.page.locator('[name="q"]').inputValue()).toBe('night');
    expect(pageCount()).toBe(0);
  });

  it('An action on more crons than a page shows continues by itself, with a result for each, and so does its Undo', async () => {
    const { registry } = scene.laptop.ports;
    for (let n = 100; n < 220; n++) {
      await registry.write({ site: 'default', uid: `job-${n}` }, JSON.stringify(REPORT), 'ada');
    }
    await scene.laptop.refresh();
    await ada.open('/sites/default?q=job');
    await ada.ticks('#all');
    await ada.page.locator('#bulk-switch summary').click();
    await ada.clicks('button', '.bulk [value="off"]');
    await ada.clicks('button', CONFIRM);
    await ada.finds('#bulk-state', '120 of 120: 120 switched off, 0 refused.');
    expect(await ada.page.locator('.results .is-done').count()).toBe(120);
    await ada.open('/sites/default?q=job');
    await ada.ticks('#all');
    await ada.clicks('button', '.bulk [value="delete"]');
    await ada.clicks('button', CONFIRM);
    await ada.finds('#bulk-state', '120 of 120: 120 deleted, 0 refused.');
    await ada.clicks('button', '#bulk-state [value="undo-delete"]');
    await ada.finds('#bulk-state', '120 of 120: 120 restored, 0 refused.');
    await ada.open('/sites/default?q=job');
    await ada.finds('#found', '120');
  });

  it('The script moves the focus to the problems of a form', async () => {
    await ada.open('/sites/default/new');
    await ada.clicks('button', SAVE);
    await ada.finds('[role="alert"]');
    expect(await ada.page.evaluate('document.activeElement?.id')).toBe('problems');
  });

  it('The keyboard alone skips to the content, opens and closes the menu of sites, and runs a cron', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    const { keyboard } = ada.page;
    await keyboard.press('Tab');
    expect(await ada.page.evaluate("document.activeElement?.getAttribute('href')")).toBe('#main');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await ada.finds('.menu [href$="/sites"]');
    await keyboard.press('Escape');
    await ada.misses('.menu [href$="/sites"]');
    await ada.page.locator('#run-now').focus();
    await keyboard.press('Enter');
    await ada.finds('#watch .result.is-WARN');
    expect(await ada.page.evaluate('document.activeElement?.id')).toBe('run-now');
  });

  it('A page whose server is gone says so within five seconds, keeps what was typed, and reconnects by itself', async () => {
    await ada.open('/sites/default/new');
    await ada.types('uid', 'nightly');
    await scene.closeServer();
    await ada.page.locator('html.stale').waitFor({ timeout: 5_000 });
    await ada.finds('#lost', /does not answer.*as of \d/);
    await ada.clicks('button', SAVE);
    await ada.finds('form[aria-busy="false"]');
    expect(await ada.page.locator('#uid').inputValue()).toBe('nightly');
    await scene.openServer();
    await ada.page.locator('html:not(.stale)').waitFor();
    await ada.misses('#lost');
    expect(await ada.page.locator('#uid').inputValue()).toBe('nightly');
  });

  it('A page shows what happened while its server was gone as soon as it answers again', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default');
    await scene.closeServer();
    await ada.finds('#lost');
    await addCron(scene, 'nightly', REPORT);
    await scene.openServer();
    await ada.finds('#pick-nightly');
  });

  it('The drawn timeline stays when its page is refreshed', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default');
    await ada.finds('#timeline .lane-name', 'a');
    await addCron(scene, 'b', REPORT);
    await ada.finds('#pick-b');
    await ada.finds('#timeline .lane-name', 'a');
  });

  it('The page of a cron that was removed meanwhile says so, and says when the cron is there again', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default/crons/a/edit');
    await ada.types('description', 'Monthly figures');
    await scene.laptop.ports.registry.remove({ site: 'default', uid: 'a' });
    await scene.laptop.refresh();
    await ada.finds('#lost', 'as it was before: cron "a" not found');
    await addCron(scene, 'a', REPORT);
    await ada.misses('#lost');
    expect(await ada.page.locator('#description').inputValue()).toBe('Monthly figures');
  });

  it('A page that its server refuses says how to open it again', async () => {
    await ada.open('/sites/default');
    await ada.page.route('**/health', (route) => route.fulfill({ status: 502 }));
    await ada.finds('#lost', '(502)');
    await ada.finds('#lost', 'cloudtab open');
  });
});
