/** What a person does with the dashboard, once with a browser that runs scripts and once with one that does not. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { walkMainPath } from './main-path.ts';
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
const past = (count: number): Past[] =>
  Array.from({ length: count }, (_, index) => ({ minutes: 60 * (index + 1), status: 'OK' }));

describe.each([
  { how: 'with a script', javaScriptEnabled: true },
  { how: 'without a script', javaScriptEnabled: false },
])('$how', ({ javaScriptEnabled }) => {
  beforeEach(async () => {
    scene = await openScene();
    ada = await personAt(browser, scene.url, { javaScriptEnabled });
  });
  afterEach(async () => {
    expect(ada.complaints).toEqual([]);
    await ada[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  it('a person adds, runs, edits and deletes a cron', async () => {
    await walkMainPath(ada, 'by-hand');
  });

  it('a person adds the first cron, after being told what is wrong', async () => {
    await ada.open('/');
    await ada.clicks('link', 'Add the first cron');
    await ada.types('Uid', 'nightly-report');
    await ada.ticks(/^report/);
    await ada.types('Environ', '{"to": 4}');
    await ada.types('Periodicity', '30 25 * * *');
    await ada.types('Time zone', 'Paris');
    await ada.clicks('button', 'Add the cron');
    await ada.sees('3 problems: nothing was saved');
    await ada.sees('Did you mean "Europe/Paris"?');
    expect(await ada.page.getByLabel('Uid', { exact: true }).inputValue()).toBe('nightly-report');
    expect(await ada.page.getByLabel('Environ', { exact: true }).inputValue()).toBe('{"to": 4}');
    await ada.types('Environ', '{"to": "team@example.com"}');
    await ada.types('Periodicity', '30 2 * * *');
    await ada.types('Time zone', 'Europe/Paris');
    await ada.clicks('button', 'Add the cron');
    await ada.sees('Added "nightly-report" to the crontab of "default".');
    await ada.sees('team@example.com');
    await ada.clicks('link', 'default');
    await ada.sees('At 02:30');
  });

  it('a person edits a cron, and what is saved is on the page at once', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('link', 'Edit');
    await ada.types('Periodicity', '0 4 * * 1');
    if (!javaScriptEnabled) await ada.clicks('button', 'Show the next runs');
    await ada.sees('At 04:00, only on Monday');
    await ada.clicks('button', 'Save');
    await ada.sees('was changed: periodicity from "30 2 * * *" to "0 4 * * 1".');
    await ada.sees('At 04:00, only on Monday');
  });

  it('two people edit at once: the later one is told, and loses nothing', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly/edit');
    await addCron(scene, 'nightly', { ...REPORT, user: 'ben' });
    await ada.types('Periodicity', '0 4 * * 1');
    await ada.clicks('button', 'Save');
    await ada.sees('was changed in the meantime');
    expect(await ada.page.getByLabel('Periodicity').inputValue()).toBe('0 4 * * 1');
    await ada.clicks('button', 'Save');
    await ada.sees('At 04:00, only on Monday');
  });

  it('a person runs a cron, and its result appears by itself', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('button', 'Run now');
    await ada.sees(/The run of nightly (is about to start|runs for)/);
    await ada.sees(/The run of nightly ended in/);
    await ada.sees('Two figures are older than a day.');
    await ada.sees('by hand');
    await ada.page.getByRole('link', { name: 'Lines of this run' }).click();
    await ada.sees('Collecting the figures');
    await ada.sees(/"rows":1200/);
  });

  it('a person runs a cron from the list, and learns why it failed', async () => {
    await addCron(scene, 'backup', { name: 'backup', periodicity: '@daily' });
    await ada.open('/sites/default');
    await ada.clicks('button', 'Run backup now');
    await ada.sees(/The run of backup ended in/);
    await ada.sees('The disk at backup-2 is full: 0 of 500 GB are free.');
    await ada.sees('Failing');
  });

  it('a person deletes some logs, and then all', async () => {
    await addCron(scene, 'nightly', { ...REPORT, logsLimit: 25 }, past(12));
    await ada.open('/sites/default/crons/nightly');
    await ada.sees('10/12 last logs');
    await ada.clicks('link', 'Older');
    await ada.sees('2/12 last logs');
    await ada.ticks(/^Select the log of/);
    await ada.clicks('button', 'Delete selected');
    await ada.sees('Deleted 1 log of "nightly"; 11 logs are left.');
    await ada.clicks('button', 'Delete all');
    await ada.sees('The cron itself stays.');
    await ada.clicks('link', 'Keep');
    await ada.clicks('button', 'Delete all');
    await ada.sees('Delete all logs of nightly?');
    await ada.clicks('button', 'Delete all logs');
    await ada.sees('Deleted 11 logs of "nightly"; none is left.');
  });

  it('a person switches a cron, several, and the whole crontab', async () => {
    for (const uid of ['a', 'b', 'c']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default/crons/a');
    await ada.clicks('button', 'Switch off');
    await ada.sees('is now switched off.');
    await ada.clicks('link', 'default');
    await ada.ticks('Select b');
    await ada.ticks('Select c');
    await ada.page.locator('.bulk').getByRole('button', { name: 'Switch off' }).click();
    await ada.sees('Switched off 2 crons.');
    await ada.sees('0/3');
    await ada.ticks('Select a');
    await ada.page.locator('.bulk').getByRole('button', { name: 'Switch on' }).click();
    await ada.sees('Switched on 1 cron.');
    await ada.page.locator('.title').getByRole('button', { name: 'Switch off' }).click();
    await ada.sees('No cron of this site runs until the crontab is switched on again.');
    await ada.clicks('button', 'Switch the crontab on');
    await ada.sees('its crons run again from now');
  });

  it('a person deletes several crons, after a second thought', async () => {
    for (const uid of ['a', 'b', 'c']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    await ada.clicks('button', 'Delete');
    await ada.sees('Select at least one cron first.');
    await ada.ticks('Select a');
    await ada.ticks('Select c');
    await ada.clicks('button', 'Delete');
    await ada.sees('Delete these 2 crons?');
    await ada.clicks('button', 'Delete');
    await ada.sees('Removed 2 crons.');
    await ada.sees('1 cron');
    await ada.clicks('link', 'b');
    await ada.clicks('button', 'Delete');
    await ada.sees('Delete b?');
    await ada.clicks('button', 'Delete');
    await ada.sees('No crons yet');
  });

  it('a person finds a cron by searching, filtering and sorting', async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'broken-disk', { name: 'backup', periodicity: '@daily' }, [
      { minutes: 5, status: 'FAILURE' },
    ]);
    await ada.open('/sites/default');
    await ada.page.getByRole('searchbox').fill('report');
    await ada.page.getByRole('searchbox').press('Enter');
    await ada.sees('1 of 2 crons');
    await ada.page.getByRole('rowheader', { name: 'broken-disk' }).waitFor({ state: 'hidden' });
    await ada.page.getByRole('searchbox').fill('');
    await ada.page.getByLabel('Show', { exact: true }).selectOption('failing');
    if (!javaScriptEnabled) await ada.clicks('button', 'Apply');
    await ada.sees('1 of 2 crons');
    await ada.sees('broken-disk');
    await ada.open('/sites/default');
    await ada.clicks('link', 'State');
    const first = ada.page.getByRole('rowheader').first();
    expect(await first.textContent()).toContain('broken-disk');
  });

  it('a person mends an edit that was rejected', async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'nightly', { ...REPORT, periodicity: '30 25 * * *' });
    await ada.open('/sites/default');
    await ada.sees('An edit was rejected');
    await ada.sees(/what runs is the last good one: report, At 02:30/);
    await ada.clicks('link', /Mend it/);
    await ada.sees('One problem of the version that stands, which is not in force');
    await ada.types('Periodicity', '30 5 * * *');
    await ada.clicks('button', 'Save');
    await ada.sees('At 05:30');
    await ada.misses('The latest edit was rejected');
  });

  it('a person sees who changed what, and restores an earlier version', async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'nightly', { ...REPORT, periodicity: '@hourly' });
    await ada.open('/sites/default/crons/nightly');
    await ada.clicks('link', 'History');
    await ada.sees('by ada');
    await ada.clicks('button', 'Restore version 1');
    await ada.sees('Restore version 1 of nightly?');
    await ada.clicks('button', 'Restore');
    await ada.sees('is as in version 1 again.');
    await ada.sees('At 02:30');
  });

  it('a person locks the crontab: nothing changes any more, and runs go on', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default');
    await ada.clicks('link', 'Settings');
    await ada.ticks('Read only');
    await ada.clicks('button', 'Save');
    await ada.sees('Nothing can be changed from here.');
    expect(await ada.page.locator('.bulk').getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await ada.clicks('button', 'Run nightly now');
    await ada.sees(/The run of nightly ended in/);
  });

  it('a person changes to another site at the top', async () => {
    await addCron(scene, 'nightly', REPORT);
    await addCron(scene, 'sitemap', REPORT, [], 'shop');
    await ada.open('/sites/default');
    await ada.page.locator('summary').first().click();
    if (javaScriptEnabled) await ada.clicks('link', 'shop');
    else {
      await ada.clicks('link', 'All sites');
      await ada.sees('1 of 1 active');
      await ada.clicks('link', 'shop');
    }
    await ada.sees('sitemap');
  });
});
