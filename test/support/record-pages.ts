/** The lists of run records of a store in memory: newest first, page by page. */
import {
  decodeCursor,
  ENDED_POSITION,
  encodeCursor,
  endedKey,
  endedRange,
  RECORD_POSITION,
  recordRange,
} from '../../lib/adapters/cursor.ts';
import { type RunRecord, recordId } from '../../lib/core/domain/run-record.ts';
import { recordSummary } from '../../lib/core/domain/run-summary.ts';
import type { PageRequest, RecordPage, SummaryPage } from '../../lib/core/ports/store.ts';

/** A list in the descending order of the positions. */
interface List {
  readonly name: string;
  readonly pattern: RegExp;
  readonly positionOf: (record: RunRecord) => string;
  readonly rangeOf: typeof endedRange;
}

const BY_END = { pattern: ENDED_POSITION, positionOf: endedKey, rangeOf: endedRange };

/** The records of one cron. */
export function recordPage(
  site: string,
  uid: string,
  records: readonly RunRecord[],
  page: PageRequest,
): RecordPage {
  return pageOf(
    { name: `records ${site}/${uid}`, pattern: RECORD_POSITION, positionOf: recordId, rangeOf: recordRange },
    records.filter((record) => record.site === site && record.uid === uid),
    page,
  );
}

/** The records of a site. */
export function activityPage(site: string, records: readonly RunRecord[], page: PageRequest): SummaryPage {
  const ofSite = records.filter((record) => record.site === site);
  return summaries(pageOf({ ...BY_END, name: `activity ${site}` }, ofSite, page));
}

/** The records of all sites that are not OK. */
export function attentionPage(records: readonly RunRecord[], page: PageRequest): SummaryPage {
  const notOk = records.filter(({ status }) => status !== 'OK');
  return summaries(pageOf({ ...BY_END, name: 'attention' }, notOk, page));
}

function pageOf(
  { name, pattern, positionOf, rangeOf }: List,
  records: readonly RunRecord[],
  { limit, cursor, oldestFirst, ...period }: PageRequest,
): RecordPage {
  const { from, to } = rangeOf(period);
  const last = decodeCursor(name, pattern, cursor);
  const isBeyond = (position: string) =>
    last === undefined || (oldestFirst ? position > last : position < last);
  const left = records
    .map((record) => ({ position: positionOf(record), record }))
    .filter(({ position }) => from <= position && position <= to)
    .filter(({ position }) => isBeyond(position))
    .sort((a, b) => (a.position < b.position === (oldestFirst ?? false) ? -1 : 1));
  const page = left.slice(0, limit);
  const next = left.length > limit ? page.at(-1) : undefined;
  return {
    records: page.map(({ record }) => record),
    ...(next && { cursor: encodeCursor(name, next.position) }),
  };
}

function summaries({ records, ...rest }: RecordPage): SummaryPage {
  return { records: records.map(recordSummary), ...rest };
}
