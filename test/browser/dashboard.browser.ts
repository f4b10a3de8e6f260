/** A user's actions on the dashboard, in a browser with scripts and in one without. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describePeriodicity } from '../../lib/app/operations/describe-periodicity.ts';
import { openBrowser } from './browser.ts';
import { CONFIRM, DONE, SAVE, walkMainPath } from './main-path.ts';
import { type Person, personAt } from './person.ts';
import { addCron, openScene, type Past, type Scene } from './scene.ts';

let browser: Browser;
let scene: Scene;
let ada: Person;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const REPORT = { name: 'report', periodicity: '30 2 * * *', environ: { to: 'team@example.com' } };
/** Successful runs of the last hours. */
const past = (count: number): Past[] =>
  Array.from({ length: count }, (_, index) => ({ minutes: 60 * (index + 1), status: 'OK' }));

describe.each([
  { how: 'With scripts', javaScriptEnabled: true },
  { how: 'Without scripts', javaScriptEnabled: false },
])('$how', ({ how, javaScriptEnabled }) => {
  beforeEach(async () => {
    scene = await openScene();
    ada = await personAt(browser, scene.url, { javaScriptEnabled });
  });
  afterEach(async () => {
    expect(ada.complaints).toEqual([]);
    await ada[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  it(`${how}, a user adds, runs, edits and deletes a cron`, async () => {
    await walkMainPath(ada, 'by-hand');
  });

  it(`${how}, a user adds the first cron after fixing the problems of the form`, async () => {
    await ada.open('/');
    await ada.clicks('link', 'section.empty a');
    await ada.types('uid', 'nightly-report');
    await ada.ticks('[name="runner"][value="report"]');
    await ada.types('environ.pages@report', 'four');
    await ada.types('periodicity', '30 25 * * *');
    await ada.types('timezone', 'Paris');
    await ada.clicks('button', SAVE);
    for (const field of ['environ.to', 'environ.pages', 'periodicity', 'timezone'])
      await ada.finds(`#problems [href="#${field}"]`);
    expect(await ada.page.locator('#problems li').count()).toBe(4);
    await ada.finds('#timezone-problems', '"Europe/Paris"');
    expect(await ada.page.locator('#uid').inputValue()).toBe('nightly-report');
    expect(await ada.page.locator('[name="environ.pages@report"]').inputValue()).toBe('four');
    await ada.types('environ.pages@report', '4');
    await ada.types('environ.to@report', 'team@example.com');
    await ada.types('periodicity', '30 2 * * *');
    await ada.types('timezone', 'Europe/Paris');
    await ada.clicks('button', SAVE);
    await ada.finds(DONE, '"nightly-report"');
    await ada.finds('.environ', 'team@example.com');
    await ada.clicks('link', '.crumbs [href$="/sites/default"]');
    await ada.finds('#rows .when', describePeriodicity('30 2 * * *', 'nightly-report'));
  });

  it(`${how}, the inputs follow the runner, and the JSON keeps what was typed`, async () => {
    await ada.open('/sites/default/new');
    await ada.misses('[name="environ.to@report"]');
    await ada.ticks('[name="runner"][value="report"]');
    await ada.finds('[name="environ.to@report"]');
    await ada.misses('#environ');
    await ada.ticks('[name="runner"][value="backup"]');
    await ada.misses('[name="environ.to@report"]');
    await ada.finds('#environ');
    await ada.ticks('[name="runner"][value="report"]');
    await ada.types('environ.to@report', 'team@example.com');
    await ada.ticks('[name="environAs"][value="json"]');
    await ada.misses('[name="environ.to@report"]');
    await ada.types('environ', '{"to":');
    await ada.types('periodicity', '30 2 * * *');
    await ada.clicks('button', SAVE);
    await ada.finds('#environ-problems');
    expect(await ada.page.locator('#environ').inputValue()).toBe('{"to":');
    await ada.ticks('[name="environAs"][value="fields"]');
    await ada.page.locator('[name="environ.token@report"] + details summary').click();
    await ada.types('secret.token@report', 'mail');
    await ada.clicks('button', SAVE);
    await ada.finds('.environ', 'team@example.com');
    await ada.finds('.environ', /token.*mail/s);
  });

  it(`${how}, a user edits a cron and sees the saved version at once`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('link', '.tabs [href$="/edit"]');
    await ada.types('periodicity', '0 4 * * 1');
    if (!javaScriptEnabled) await ada.clicks('button', '[name="do"][value="preview"]');
    await ada.finds('#preview .words', describePeriodicity('0 4 * * 1', 'nightly'));
    if (!javaScriptEnabled) await ada.clicks('button', '[name="do"][value="review"]');
    await ada.finds('#changes li', '30 2 * * * → 0 4 * * 1');
    await ada.clicks('button', SAVE);
    await ada.finds(DONE, '"0 4 * * 1"');
    await ada.finds('#glance', describePeriodicity('0 4 * * 1', 'nightly'));
  });

  it(`${how}, a user learns of a concurrent edit and loses no input`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly/edit');
    await addCron(scene, 'nightly', { ...REPORT, user: 'ben' });
    await ada.types('periodicity', '0 4 * * 1');
    await ada.clicks('button', SAVE);
    await ada.finds('[role="alert"] li', 'ben');
    expect(await ada.page.locator('#periodicity').inputValue()).toBe('0 4 * * 1');
    await ada.clicks('button', SAVE);
    await ada.finds('#glance', describePeriodicity('0 4 * * 1', 'nightly'));
  });

  it(`${how}, a user runs a cron, and its result appears without a click`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('button', '#run-now');
    await ada.finds('#watch .result.is-running');
    await ada.finds('#watch .result.is-WARN', 'Two figures are older than a day.');
    await ada.finds('.logs > .is-WARN');
    await ada.clicks('link', '.logs [href*="/runs/"]');
    await ada.finds('.lines', 'Collecting the figures');
    await ada.finds('.lines', 'rows=1200');
  });

  it(`${how}, a user goes from the list of runs to the cause of a failure, and runs it again`, async () => {
    const failed: Past = { minutes: 5, status: 'FAILURE', messages: ['The disk is full.'] };
    await addCron(scene, 'nightly', REPORT, [...past(3), failed]);
    await ada.open('/sites/default');
    await ada.clicks('link', '.more [href$="/runs"]');
    await ada.finds('#runs tbody tr:nth-child(1)', 'The disk is full.');
    expect(await ada.page.locator('#runs tbody tr').count()).toBe(1);
    await ada.clicks('link', '#runs .planned-at a');
    await ada.finds('#messages', 'The disk is full.');
    await ada.finds('.timeline .is-ended');
    await ada.clicks('button', '.actions button');
    await ada.finds('h1 .is-WARN');
    // Without scripts the page reloads itself until the run has ended.
    await ada.finds('#lines', 'Collecting the figures');
    await ada.finds('#lines', 'Two figures are older than a day');
  });

  it(`${how}, a user runs a cron from the list and sees why it failed`, async () => {
    await addCron(scene, 'backup', { name: 'backup', periodicity: '@daily' });
    await ada.open('/sites/default');
    await ada.clicks('button', '#run-backup');
    await ada.finds('#watch .result.is-FAILURE', 'The disk at backup-2 is full: 0 of 500 GB are free.');
    await ada.finds('#rows .badge.is-failing');
  });

  it(`${how}, a user deletes one log, and then all logs`, async () => {
    await addCron(scene, 'nightly', { ...REPORT, logsLimit: 25 }, past(12));
    await ada.open('/sites/default/crons/nightly');
    await ada.finds('#logs .head', '10/12');
    await ada.clicks('link', '#logs [rel="next"]');
    await ada.finds('#logs .head', '2/12');
    await ada.ticks('#logs [name="log"]');
    await ada.clicks('button', '[value="delete-logs"]');
    await ada.finds(DONE, '"nightly"');
    await ada.finds('#logs .head', '10/11');
    await ada.clicks('button', '[value="delete-all-logs"]');
    await ada.clicks('link', 'form:has([name="sure"]) a');
    await ada.finds('#logs .head', '10/11');
    await ada.clicks('button', '[value="delete-all-logs"]');
    await ada.finds('section:has([name="sure"]) h1', 'nightly');
    await ada.clicks('button', CONFIRM);
    await ada.finds(DONE, /\b11\b/);
    await ada.finds('#logs .none');
  });

  it(`${how}, a user switches a cron, several crons and the whole crontab`, async () => {
    for (const uid of ['a', 'b', 'c']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default/crons/a');
    await ada.page.locator('#switch summary').click();
    await ada.clicks('button', '#title [value="off"]');
    await ada.finds(DONE, '"a"');
    await ada.finds('#title .badge.is-off');
    await ada.clicks('link', '.crumbs [href$="/sites/default"]');
    await ada.ticks('#pick-b');
    await ada.ticks('#pick-c');
    await ada.page.locator('#bulk-switch summary').click();
    await ada.clicks('button', '.bulk [value="off"]');
    await ada.finds(DONE, /\b2\b/);
    await ada.finds('#tiles', '0/3');
    await ada.ticks('#pick-a');
    await ada.clicks('button', '.bulk [value="on"]');
    await ada.finds(DONE, /\b1\b/);
    await ada.finds('#tiles', '1/3');
    await ada.page.locator('#switch summary').click();
    await ada.clicks('button', '#title [value="crontab-off"]');
    await ada.finds('#title .switch.is-off');
    await ada.clicks('button', '#banners [value="crontab-on"]');
    await ada.finds('#title .switch.is-on');
  });

  it(`${how}, a user deletes several crons after a confirmation`, async () => {
    for (const uid of ['a', 'b', 'c']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    const deletion = ada.page.locator('.bulk [value="delete"]');
    if (javaScriptEnabled) expect(await deletion.isDisabled()).toBe(true);
    else {
      await deletion.click();
      await ada.finds('#flash .is-refused');
    }
    await ada.ticks('#pick-a');
    await ada.ticks('#pick-c');
    await ada.clicks('button', '.bulk [value="delete"]');
    await ada.finds('section:has([name="sure"])');
    expect(await ada.page.locator('.names li').allInnerTexts()).toEqual(['a', 'c']);
    await ada.clicks('button', CONFIRM);
    await ada.finds(DONE, /\b2\b/);
    expect(await ada.page.locator('#rows tr').count()).toBe(1);
  });

  it(`${how}, a user undoes the deletion of several crons, and of one`, async () => {
    for (const uid of ['a', 'b', 'c']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    await ada.ticks('#pick-a');
    await ada.ticks('#pick-c');
    await ada.clicks('button', '.bulk [value="delete"]');
    await ada.clicks('button', CONFIRM);
    await ada.finds(DONE, /\b2\b/);
    await ada.clicks('button', '#flash [value="undo-delete"]');
    await ada.finds(DONE, 'Restored 2 crons.');
    expect(await ada.page.locator('#rows tr').count()).toBe(3);
    await ada.clicks('link', '#rows [href$="/crons/b"]');
    await ada.clicks('button', '#title [value="delete"]');
    await ada.finds('section:has([name="sure"]) h1', 'b');
    await ada.clicks('button', CONFIRM);
    await ada.misses('#pick-b');
    await ada.clicks('button', '#flash [value="undo-delete"]');
    await ada.finds('#pick-b');
  });

  it(`${how}, a user finds a cron by searching, filtering and sorting`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'broken-disk', { name: 'backup', periodicity: '@daily' }, [
      { minutes: 5, status: 'FAILURE' },
    ]);
    await ada.open('/sites/default');
    await ada.types('q', 'report');
    await ada.page.getByRole('searchbox').press('Enter');
    await ada.misses('#pick-broken-disk');
    await ada.finds('#pick-nightly');
    await ada.types('q', '');
    await ada.selects('show', 'failing');
    if (!javaScriptEnabled) await ada.clicks('button', '[role="search"] button');
    await ada.misses('#pick-nightly');
    await ada.finds('#pick-broken-disk');
    await ada.open('/sites/default');
    await ada.clicks('link', 'th [href*="sort=health"]');
    await ada.finds('#rows > :first-child .name', 'broken-disk');
    await ada.finds('#rows > :nth-child(2) .name', 'nightly');
  });

  it(`${how}, a user fixes a rejected edit`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'nightly', { ...REPORT, periodicity: '30 25 * * *' });
    await ada.open('/sites/default');
    await ada.finds('#rejected-edits', describePeriodicity('30 2 * * *', 'nightly'));
    await ada.clicks('link', '#rejected-edits [href$="/edit"]');
    await ada.finds('#problems [href="#periodicity"]');
    await ada.types('periodicity', '30 5 * * *');
    await ada.clicks('button', SAVE);
    await ada.finds('#glance', describePeriodicity('30 5 * * *', 'nightly'));
    await ada.misses('#banners .is-refused');
  });

  it(`${how}, a user sees the history of a cron and restores an earlier version`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'nightly', { ...REPORT, periodicity: '@hourly' });
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('link', '.tabs [href$="/history"]');
    await ada.finds('.version', 'ada');
    await ada.clicks('button', 'form:has([name="version"][value="1"]) [value="restore"]');
    await ada.finds('section:has([name="sure"]) h1', /\b1\b/);
    await ada.clicks('button', CONFIRM);
    await ada.finds(DONE, /\b1\b/);
    await ada.finds('#glance', describePeriodicity('30 2 * * *', 'nightly'));
  });

  it(`${how}, a user makes the crontab read-only and can still run a cron`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default');
    await ada.clicks('link', '#title [href$="/settings"]');
    await ada.ticks('#readOnly');
    await ada.clicks('button', 'form[action$="/settings"] button');
    await ada.finds('#banners .is-state');
    expect(await ada.page.locator('.bulk [value="delete"]').isDisabled()).toBe(true);
    await ada.clicks('button', '#run-nightly');
    await ada.finds('#watch .result.is-WARN');
  });

  it(`${how}, a user changes to another site`, async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'sitemap', REPORT, [], 'shop');
    await ada.open('/sites/default');
    await ada.page.locator('.sites summary').click();
    if (javaScriptEnabled) await ada.clicks('link', '.menu [href$="/sites/shop"]');
    else {
      await ada.clicks('link', '.menu [href$="/sites"]');
      await ada.clicks('link', '#site-list [href$="/sites/shop"]');
    }
    await ada.finds('#pick-sitemap');
  });
});
