/**
 * A user at a browser. Elements are found by CSS selector, and acted on only if assistive technology finds them too:
 * they need a role or a label, and a name.
 */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** How long to wait for an element, in milliseconds. */
const TIMEOUT = 10_000;

/** Any accessible name. */
const NAMED = /\S/;

export interface Person extends AsyncDisposable {
  readonly page: Page;
  /** Errors that the browser reported, including violations of the content security policy. */
  readonly complaints: readonly string[];
  open(path: string): Promise<void>;
  /** Waits until such an element is visible, with that text if one is given. */
  finds(selector: string, text?: string | RegExp): Promise<void>;
  /** Waits until no such element is visible. */
  misses(selector: string): Promise<void>;
  clicks(role: 'button' | 'link', selector: string): Promise<void>;
  /** Types into the field of that name. */
  types(name: string, text: string): Promise<void>;
  /** Selects that option of the field of that name. */
  selects(name: string, option: string): Promise<void>;
  /** Ticks a checkbox or a radio button. */
  ticks(selector: string): Promise<void>;
}

/** `url` is the address of the dashboard, without a slash at the end. */
export async function personAt(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser reports each 404 and 422, which some pages answer on purpose.
    const isStatus = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isStatus) complaints.push(message.text());
  });
  const labelled = (selector: string) => page.getByLabel(NAMED).and(page.locator(selector)).first();
  return {
    page,
    complaints,
    open: async (path) => void (await page.goto(`${url}${path}`)),
    finds: (selector, text) => finds(page, selector, text),
    misses: (selector) => visible(page, selector).waitFor({ state: 'hidden' }),
    clicks: (role, selector) =>
      page.getByRole(role, { name: NAMED }).and(page.locator(selector)).first().click(),
    types: (name, text) => labelled(`[name="${name}"]`).fill(text),
    selects: async (name, option) => void (await labelled(`[name="${name}"]`).selectOption(option)),
    ticks: (selector) => labelled(selector).check(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** A failure quotes the page, since the reader of the report cannot see it. */
async function finds(page: Page, selector: string, text?: string | RegExp): Promise<void> {
  try {
    await visible(page, selector, text).waitFor();
  } catch (cause) {
    const pageText = (await page.locator('body').innerText()).replace(/\s+/g, ' ').slice(0, 800);
    const element = text === undefined ? selector : `${selector} with ${text}`;
    throw new Error(`There is no ${element} at ${page.url()}. The page reads: ${pageText}`, { cause });
  }
}

function visible(page: Page, selector: string, text?: string | RegExp): Locator {
  const locator = page.locator(selector).filter({ visible: true });
  return (text === undefined ? locator : locator.filter({ hasText: text })).first();
}
