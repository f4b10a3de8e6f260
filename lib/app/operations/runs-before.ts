/** Looks for the runs before another one: the last of them, and the last that was OK. */
import type { Occurrence } from '../../core/domain/occurrence.ts';
import { type RunRecord, recordId } from '../../core/domain/run-record.ts';
import type { RecordPage, Store } from '../../core/ports/store.ts';

export interface RunsBefore {
  readonly previous?: RunRecord | undefined;
  readonly good?: RunRecord | undefined;
  /** So many records before it were searched and none was OK, but there are older ones. */
  readonly searched?: number;
}

const PAGE = 100;
const MAX_PAGES = 5;

/** No query if the newest records of the cron answer it; otherwise at most 500 records before the occurrence are read. */
export async function runsBefore(
  store: Pick<Store, 'records'>,
  { site, uid }: { readonly site: string; readonly uid: string },
  occurrence: Occurrence,
  newest: RecordPage,
): Promise<RunsBefore> {
  const id = recordId(occurrence);
  const isBefore = (record: RunRecord) => recordId(record) < id;
  const known = newest.records.filter(isBefore);
  const knownGood = known.find(isOk);
  if (knownGood || newest.cursor === undefined) return { previous: known[0], good: knownGood };
  // With the second of the occurrence itself: others of the same second may be before it.
  const range = { limit: PAGE, until: occurrence.plannedAt + 1 };
  const read: RunRecord[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await store.records(site, uid, { ...range, ...(cursor !== undefined && { cursor }) });
    read.push(...page.records.filter(isBefore));
    const good = read.find(isOk);
    cursor = page.cursor;
    if (good || cursor === undefined) return { previous: read[0], good };
  }
  return { previous: read[0], searched: read.length };
}

function isOk({ status }: RunRecord): boolean {
  return status === 'OK';
}
