/** Takes the screenshots of the documentation: each page in the wide, the phone and the dark layout. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { SAVE } from './main-path.ts';
import { openScene } from './scene.ts';
import { fillScene } from './story-scene.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

const KINDS = {
  wide: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 } },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
} as const;

const PAGES: Record<string, (page: Page, url: string) => Promise<unknown>> = {
  overview: (page, url) => page.goto(`${url}/sites/default`),
  cron: (page, url) => page.goto(`${url}/sites/default/crons/backup-eu`),
  'form-with-errors': async (page, url) => {
    await page.goto(`${url}/sites/default/crons/ping-shop/edit`);
    await page.locator('#periodicity').fill('*/15 25 * * *');
    await page.locator('#timezone').fill('Paris');
    await page.locator('#environ').fill('{\n  "uri": "https://shop.example.com/ping"\n}');
    await page.locator(SAVE).click();
    await page.getByRole('alert').waitFor();
  },
};

/** Writes docs/screenshots/<page>-<kind>.png. */
export async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await using scene = await openScene();
  await fillScene(scene);
  const browser = await openBrowser();
  try {
    for (const [kind, options] of Object.entries(KINDS)) await take(browser, scene.url, kind, options);
  } finally {
    await browser.close();
  }
}

async function take(
  browser: Browser,
  url: string,
  kind: string,
  options: (typeof KINDS)[keyof typeof KINDS],
) {
  const context = await browser.newContext(options);
  for (const [name, open] of Object.entries(PAGES)) {
    const page = await context.newPage();
    await open(page, url);
    await page.screenshot({ path: `${FOLDER}${name}-${kind}.png`, fullPage: kind === 'wide' });
    await page.close();
  }
  await context.close();
}
