/** The list of crons: search, filter, order and page, as query parameters and back. */
import { MAX_BULK } from '../../../app/door/input-fields.ts';
import { isWantedCron } from '../../../app/operations/cron-filter.ts';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { searchCrons } from '../../../app/operations/search-crons.ts';
import { HEALTHS } from '../../../core/domain/health.ts';
import { TAG } from '../../../core/domain/tags.ts';
import { sitePath } from './paths.ts';

export interface ListQuery {
  /** As `searchCrons` finds it. */
  readonly q: string;
  /** A tag that the crons have; empty for any. */
  readonly tag: string;
  readonly show: Show;
  readonly sort: Sort;
  /** Counted from 1. */
  readonly page: number;
}

/** The filters with their labels. */
export const SHOWS = {
  all: 'all crons',
  problem: 'with problems',
  running: 'running',
  failing: 'failing',
  late: 'late',
  broken: 'broken',
  rejected: 'with a rejected edit',
  on: 'switched on',
  off: 'switched off',
} as const;

/** The orders with their labels; `-` reverses one. */
export const SORTS = {
  uid: 'uid, A to Z',
  '-uid': 'uid, Z to A',
  next: 'next run, soonest first',
  '-next': 'next run, latest first',
  last: 'last run, newest first',
  '-last': 'last run, oldest first',
  health: 'state, worst first',
  '-health': 'state, best first',
  runner: 'runner, A to Z',
  '-runner': 'runner, Z to A',
} as const;

export type Show = keyof typeof SHOWS;
export type Sort = keyof typeof SORTS;
/** An order that a column has in both directions. */
export type SortKey = Exclude<Sort, `-${string}`>;

/** All listed crons can be selected for one action. */
export const PAGE_SIZE = MAX_BULK;

/** The most crons that one action concerns. Their uids have to fit into a request. */
export const MAX_SELECTED = 1000;

/** A cron without a value comes last in both directions. */
const KEYS: Record<SortKey, (cron: CronView) => string | number | undefined> = {
  uid: ({ uid }) => uid,
  next: ({ job }) => job.next,
  last: ({ job }) => job.last && -job.last.date,
  health: ({ health }) => HEALTHS.indexOf(health),
  runner: ({ definition }) => definition?.name,
};

/** Invalid parameters have their defaults. */
export function listQuery(query: Readonly<Record<string, string>>): ListQuery {
  const { q = '', tag = '', show = '', sort = '', page = '' } = query;
  return {
    q: q.trim().slice(0, 200),
    tag: TAG.test(tag) ? tag : '',
    show: isKey(SHOWS, show) ? show : 'all',
    sort: isKey(SORTS, sort) ? sort : 'uid',
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

/** The order to which the heading of a column leads: the other direction if it has that order already. */
export function nextSort(present: Sort, key: SortKey): Sort {
  return present === key ? `-${key}` : key;
}

/** The path of the list; it omits defaults. */
export function listPath(site: string, query: Partial<ListQuery>): string {
  const { q = '', tag = '', show = 'all', sort = 'uid', page = 1 } = query;
  const params = new URLSearchParams();
  if (q !== '') params.set('q', q);
  if (tag !== '') params.set('tag', tag);
  if (show !== 'all') params.set('show', show);
  if (sort !== 'uid') params.set('sort', sort);
  if (page !== 1) params.set('page', String(page));
  return params.size === 0 ? sitePath(site) : `${sitePath(site)}?${params}`;
}

export interface Listed {
  /** The crons of this page. */
  readonly crons: readonly CronView[];
  /** The uids of the crons on all pages. */
  readonly found: readonly string[];
  /** The requested page, or the last one if there are fewer. */
  readonly page: number;
  readonly pages: number;
}

export function list(crons: readonly CronView[], query: ListQuery): Listed {
  const { q, tag, show } = query;
  const filter = { ...(tag !== '' && { tag }), states: show === 'all' ? [] : [show] };
  const found = searchCrons(crons, q).filter((cron) => isWantedCron(cron, filter));
  const isReversed = query.sort.startsWith('-');
  const key = KEYS[query.sort.replace('-', '') as SortKey];
  const sorted = found.toSorted((a, b) => compare(key(a), key(b), isReversed));
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const page = Math.min(query.page, pages);
  return {
    crons: sorted.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
    found: sorted.map(({ uid }) => uid),
    page,
    pages,
  };
}

type Key = string | number | undefined;

function compare(a: Key, b: Key, isReversed: boolean): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b === isReversed ? 1 : -1;
}

export function isKey<Keys extends object>(of: Keys, key: string): key is Extract<keyof Keys, string> {
  return Object.hasOwn(of, key);
}
