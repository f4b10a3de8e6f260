/**
 * Searches lists of run records for those that match, newest first. A list that an index sorts by time is read page by page;
 * several are merged. A page of the result ends at a whole millisecond, so that a time is all that the next one needs.
 */
import pMap from 'p-map';
import type { RecordSummary } from '../../core/domain/run-summary.ts';
import type { PageRequest, SummaryPage } from '../../core/ports/store.ts';

/** A list of the store, in the descending order of `timeOf`. */
export interface RecordList {
  read(page: PageRequest): Promise<SummaryPage>;
}

export interface Search {
  /** All in the same order. */
  readonly lists: readonly RecordList[];
  readonly timeOf: (record: RecordSummary) => number;
  readonly matches: (record: RecordSummary) => boolean;
  /** Epoch milliseconds. Default: all that is kept. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** About how many are wanted. */
  readonly count: number;
}

export interface Found {
  readonly records: readonly RecordSummary[];
  /** All before this time has not been searched yet. Absent if the period was searched to its beginning. */
  readonly next?: number;
}

/** After so many records a search pauses: the user asks for more. */
export const MAX_SEARCHED = 2_000;
const PAGE = 100;
const AT_ONCE = 5;

export async function searchRecords({ lists, timeOf, matches, since, until, count }: Search): Promise<Found> {
  const found: RecordSummary[] = [];
  let before = until;
  let searched = 0;
  for (let limit = PAGE; ; ) {
    const request = {
      limit,
      ...(since !== undefined && { since }),
      ...(before !== undefined && { until: before }),
    };
    const pages = await pMap(lists, (list) => readSome(list, request), { concurrency: AT_ONCE });
    // Further records of the same time may follow on the next page of a list.
    const ends = pages.map(({ records, cursor }) => {
      const last = records.at(-1);
      return cursor === undefined || last === undefined ? Number.NEGATIVE_INFINITY : timeOf(last);
    });
    const horizon = Math.max(...ends);
    const complete = pages
      .flatMap(({ records }) => records)
      .filter((record) => timeOf(record) > horizon)
      .sort((a, b) => timeOf(b) - timeOf(a));
    searched += complete.length;
    found.push(...complete.filter(matches));
    const last = found[count - 1];
    if (last && found.length > count) {
      const records = found.filter((record) => timeOf(record) >= timeOf(last));
      if (records.length < found.length) return { records, next: timeOf(last) };
    }
    if (horizon === Number.NEGATIVE_INFINITY) return { records: found };
    if (found.length >= count || searched >= MAX_SEARCHED) return { records: found, next: horizon + 1 };
    // More records of one time than a page has.
    if (complete.length === 0) limit *= 2;
    before = horizon + 1;
  }
}

/** A page may be empty, although others follow. */
async function readSome({ read }: RecordList, request: PageRequest): Promise<SummaryPage> {
  let page = await read(request);
  while (page.records.length === 0 && page.cursor !== undefined) {
    page = await read({ ...request, cursor: page.cursor });
  }
  return page;
}
