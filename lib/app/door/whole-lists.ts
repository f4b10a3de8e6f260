/** Lists whose pages are read one after the other. */
import { UnavailableError } from '../../core/domain/errors.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Catalogue, RunnerDescription } from '../../core/domain/runner-description.ts';
import type { CrontabView, SiteSummary } from '../operations/crontab-view.ts';
import type { VersionView } from '../operations/history.ts';
import type { Page } from '../operations/page.ts';
import type { Call } from './call.ts';

/** More than any list of a deployment has. */
const MAX_PAGES = 1_000;

/** The crontab with all its crons. `fresh` are uids that need a consistent read. Throws NotFoundError. */
export async function wholeCrontab(
  call: Call,
  site: string,
  fresh?: readonly string[],
): Promise<CrontabView> {
  const place = { site, ...(fresh && { fresh }) };
  const { crontab, items, cursor } = await call('listCrons', place, {});
  const others = await pagesAfter(cursor, (next) => call('listCrons', place, { cursor: next }));
  return { ...crontab, crons: [...items, ...others] };
}

/** All sites with their settings and counts, sorted. */
export function wholeSites(call: Call): Promise<SiteSummary[]> {
  return allPages((request) => call('listSites', {}, request));
}

/** The names of all sites, sorted. */
export function wholeSiteNames(call: Call): Promise<string[]> {
  return allPages((request) => call('siteNames', {}, request));
}

/** The names of all secrets of the site, sorted. */
export function wholeSecretNames(call: Call, site: string): Promise<string[]> {
  return allPages((request) => call('listSecrets', { site }, request));
}

/** All versions of a cron, or of the settings of a crontab, newest first. Throws NotFoundError. */
export function wholeHistory(call: Call, { site, uid }: ParameterKey): Promise<VersionView[]> {
  return allPages((request) =>
    uid === undefined
      ? call('readSiteHistory', { site }, request)
      : call('readHistory', { site, uid }, request),
  );
}

/** The runners that a site has, sorted. */
export function wholeRunners(call: Call, site: string): Promise<RunnerDescription[]> {
  return allPages((request) => call('listRunners', {}, { site, ...request }));
}

/** The catalogue with all its runners and limits. Throws NotFoundError if none was published. */
export async function wholeCatalogue(call: Call): Promise<Catalogue> {
  const { cursor, ...first } = await call('readCatalogue', {}, {});
  const others = await pagesAfter(cursor, async (next) => {
    const { cursor: after, ...page } = await call('readCatalogue', {}, { cursor: next });
    return { items: [page], ...(after !== undefined && { cursor: after }) };
  });
  return {
    ...first,
    runners: [first, ...others].flatMap(({ runners }) => runners),
    limits: Object.assign({}, ...[first, ...others].map(({ limits }) => limits)),
  };
}

async function allPages<Item>(
  read: (request: { readonly cursor?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const { items, cursor } = await read({});
  return [...items, ...(await pagesAfter(cursor, (next) => read({ cursor: next })))];
}

async function pagesAfter<Item>(
  first: string | undefined,
  read: (cursor: string) => Promise<Page<Item>>,
): Promise<Item[]> {
  const all: Item[] = [];
  let pages = 0;
  for (let cursor = first; cursor !== undefined; ) {
    if (++pages > MAX_PAGES) throw new UnavailableError(`The list has more than ${MAX_PAGES} pages.`);
    const page: Page<Item> = await read(cursor);
    all.push(...page.items);
    cursor = page.cursor;
  }
  return all;
}
