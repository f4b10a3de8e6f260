/** Takes the screenshots of the documentation: each page in light and dark. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { SAVE } from './main-path.ts';
import { addCron, openScene } from './scene.ts';
import { fillScene } from './story-scene.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

const KINDS = {
  wide: { viewport: { width: 1280, height: 860 } },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
} as const satisfies Record<string, BrowserContextOptions>;

const PAGES: Record<string, (page: Page, url: string) => Promise<unknown>> = {
  overview: async (page, url) => {
    await page.goto(`${url}/sites/default`);
    await page.locator('#timeline svg').first().waitFor();
  },
  cron: (page, url) => page.goto(`${url}/sites/default/crons/backup-eu`),
  runs: (page, url) => page.goto(`${url}/runs`),
  run: async (page, url) => {
    await page.goto(`${url}/sites/default/crons/backup-eu`);
    await page.locator('.logs .run-link').first().click();
    await page.getByText('The copy is slower').waitFor();
  },
  why: (page, url) => {
    const hour = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000).toISOString();
    return page.goto(`${url}/sites/default/crons/old-import/why?time=${hour}`);
  },
  stop: async (page, url) => {
    await page.goto(`${url}/runs`);
    await page.locator('a[href*="/order-import/runs/"]').first().click();
    await page.getByText('Reading the orders').waitFor();
  },
  'form-with-errors': async (page, url) => {
    await page.goto(`${url}/sites/default/crons/ping-shop/edit`);
    await page.locator('#periodicity').fill('*/15 25 * * *');
    await page.locator('#timezone').fill('Paris');
    await page.locator('[name="environ.url@http"]').fill('shop.example.com/ping');
    await page.locator(SAVE).click();
    await page.getByRole('alert').waitFor();
  },
};

/** Writes docs/screenshots/<page>-<kind>.png. */
export async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await using scene = await openScene();
  await fillScene(scene);
  scene.laptop.force('default', 'backup-eu');
  await scene.laptop.idle();
  await addCron(scene, 'order-import', { name: 'import', periodicity: '@daily' });
  scene.laptop.force('default', 'order-import');
  const browser = await openBrowser();
  try {
    for (const [kind, options] of Object.entries(KINDS)) await take(browser, scene.url, kind, options);
  } finally {
    await browser.close();
  }
}

async function take(browser: Browser, url: string, kind: string, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  for (const [name, open] of Object.entries(PAGES)) {
    const page = await context.newPage();
    await open(page, url);
    await page.screenshot({ path: `${FOLDER}${name}-${kind}.png` });
    await page.close();
  }
  await context.close();
}
