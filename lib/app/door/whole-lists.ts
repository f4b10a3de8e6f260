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
  const pages = await pagesOf((request) => call('listCrons', place, request));
  return { ...pages[0].crontab, crons: pages.flatMap(({ items }) => items) };
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
  const pages = await pagesOf((request) => call('readCatalogue', {}, request));
  const { cursor: _, ...first } = pages[0];
  return {
    ...first,
    runners: pages.flatMap(({ runners }) => runners),
    limits: Object.assign({}, ...pages.map(({ limits }) => limits)),
  };
}

type Request = { readonly cursor?: string };

async function allPages<Item>(read: (request: Request) => Promise<Page<Item>>): Promise<Item[]> {
  return (await pagesOf(read)).flatMap(({ items }) => items);
}

async function pagesOf<One extends { readonly cursor?: string }>(
  read: (request: Request) => Promise<One>,
): Promise<[One, ...One[]]> {
  const first = await read({});
  const pages: [One, ...One[]] = [first];
  for (let { cursor } = first; cursor !== undefined; ) {
    if (pages.length > MAX_PAGES) throw new UnavailableError(`The list has more than ${MAX_PAGES} pages.`);
    const page = await read({ cursor });
    pages.push(page);
    cursor = page.cursor;
  }
  return pages;
}
