/** What only the script does, and what it must not do. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
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

/** What a browser says when somebody comes back to the page. */
const LOOK = "document.dispatchEvent(new Event('visibilitychange'))";

/** How many whole pages the browser has asked for. */
function countPages(): () => number {
  let count = 0;
  ada.page.on('request', (request) => {
    if (request.isNavigationRequest()) count++;
  });
  return () => count;
}

describe('the script', () => {
  it('shows the result of a run without loading the page anew', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    const pages = countPages();
    await ada.clicks('button', 'Run now');
    await ada.sees(/The run of nightly ended in/);
    await ada.sees('Two figures are older than a day.');
    expect(pages()).toBe(0);
  });

  it('shows what others do, and keeps what a person has ticked', async () => {
    await addCron(scene, 'a', { ...REPORT, periodicity: '* * * * *' });
    await ada.open('/sites/default');
    await ada.ticks('Select a');
    const pages = countPages();
    await addCron(scene, 'b', REPORT);
    await ada.page.evaluate(LOOK);
    await ada.page.getByLabel('Select b').waitFor();
    expect(await ada.page.getByLabel('Select a', { exact: true }).isChecked()).toBe(true);
    expect(pages()).toBe(0);
  });

  it('looks again by itself, soon after something was done', async () => {
    await addCron(scene, 'a', REPORT);
    await ada.open('/sites/default');
    await ada.ticks('Select a');
    await ada.page.locator('.bulk').getByRole('button', { name: 'Switch off' }).click();
    await ada.sees('Switched off 1 cron.');
    await addCron(scene, 'b', REPORT);
    await ada.page.getByLabel('Select b').waitFor();
    await ada.sees('Switched off 1 cron.');
  });

  it('previews while a person types, also what is wrong', async () => {
    await ada.open('/sites/default/new');
    await ada.types('Periodicity', '0 9 * * 1-5');
    await ada.sees('At 09:00, Monday through Friday');
    await ada.types('Periodicity', '0 24 * * *');
    await ada.sees('Got "24" as hour');
    await ada.types('Periodicity', '@weekly');
    await ada.types('Time zone', 'Asia/Tokyo');
    await ada.sees('At 00:00, only on Sunday');
    expect(await ada.page.locator('#preview li').count()).toBe(5);
  });

  it('selects all that are shown', async () => {
    for (const uid of ['a', 'b']) await addCron(scene, uid, REPORT);
    await ada.open('/sites/default');
    await ada.ticks('Select all that are shown');
    expect(await ada.page.getByLabel('Select b', { exact: true }).isChecked()).toBe(true);
  });

  it('leads the eye to what is wrong', async () => {
    await ada.open('/sites/default/new');
    await ada.clicks('button', 'Add the cron');
    await ada.page.getByRole('alert').waitFor();
    expect(await ada.page.evaluate('document.activeElement?.id')).toBe('problems');
  });

  it('lets the keyboard do everything: skip, open and close the sites, run', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default/crons/nightly');
    const { keyboard } = ada.page;
    await keyboard.press('Tab');
    expect(await ada.page.evaluate('document.activeElement?.textContent')).toBe('Skip to the content');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await ada.page.getByRole('link', { name: 'All sites' }).waitFor();
    await keyboard.press('Escape');
    await ada.page.getByRole('link', { name: 'All sites' }).waitFor({ state: 'hidden' });
    await ada.page.getByRole('button', { name: 'Run now' }).focus();
    await keyboard.press('Enter');
    await ada.sees(/The run of nightly ended in/);
    expect(await ada.page.evaluate('document.activeElement?.id')).toBe('run-now');
  });

  it('lets a person keep working when the server does not answer', async () => {
    await addCron(scene, 'nightly', REPORT);
    await ada.open('/sites/default');
    await ada.page.route('**/*', (route) => route.abort());
    await ada.page.evaluate(LOOK);
    await ada.page.locator('html.stale').waitFor();
    await ada.page.unroute('**/*');
    await ada.page.evaluate(LOOK);
    await ada.page.locator('html:not(.stale)').waitFor();
  });
});
