/** A person at a browser: what they see and do, by the words on the page, as a screen reader would find them. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** How long somebody looks for something before giving up, in milliseconds. */
const PATIENCE = 10_000;

export interface Person extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained about: errors, and what the policy of the page forbade. */
  readonly complaints: readonly string[];
  open(path: string): Promise<void>;
  sees(text: string | RegExp): Promise<void>;
  /** That it is gone, or goes. */
  misses(text: string): Promise<void>;
  clicks(role: 'button' | 'link', name: string | RegExp): Promise<void>;
  types(label: string, text: string): Promise<void>;
  ticks(label: string | RegExp): Promise<void>;
}

/** `url` is where the dashboard is, without a path. */
export async function personAt(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A page that says 404 or 422 is meant to.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  return {
    page,
    complaints,
    open: async (path) => void (await page.goto(`${url}${path}`)),
    sees: (text) => sees(page, text),
    misses: (text) => page.getByRole('main').getByText(text).first().waitFor({ state: 'hidden' }),
    clicks: (role, name) => page.getByRole(role, { name, exact: true }).first().click(),
    types: (label, text) => page.getByLabel(label, { exact: true }).fill(text),
    ticks: (label) => page.getByLabel(label, { exact: true }).first().check(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Whoever reads that it failed has not seen the page: it is told along. */
async function sees(page: Page, text: string | RegExp): Promise<void> {
  try {
    await page.getByRole('main').getByText(text).first().waitFor();
  } catch (cause) {
    const shown = (await page.locator('body').innerText()).replace(/\s+/g, ' ').slice(0, 800);
    throw new Error(`There is no ${text} at ${page.url()}. It says: ${shown}`, { cause });
  }
}
