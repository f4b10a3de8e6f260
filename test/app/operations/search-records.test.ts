import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SEARCHED, type RecordList, searchRecords } from '../../../lib/app/operations/search-records.ts';
import { type RunRecord, recordId } from '../../../lib/core/domain/run-record.ts';
import { type RecordSummary, recordSummary } from '../../../lib/core/domain/run-summary.ts';
import { NOON } from '../../support/jobs.ts';
import { activityPage } from '../../support/record-pages.ts';
import { recordOf } from '../../support/run-records.ts';

const listOf = (site: string, records: readonly RunRecord[]): RecordList => ({
  read: async (page) => activityPage(site, records, page),
});
const timeOf = ({ endedAt }: RecordSummary) => endedAt;
const keyOf = (record: RecordSummary) => `${record.site}/${recordId(record)}`;

/** The records of all pages, one after the other. */
async function searchAll(
  search: Omit<Parameters<typeof searchRecords>[0], 'timeOf'>,
): Promise<{ readonly all: string[]; readonly sizes: number[] }> {
  const all: string[] = [];
  const sizes: number[] = [];
  let until = search.until;
  do {
    const { records, next } = await searchRecords({ ...search, timeOf, until });
    all.push(...records.map(keyOf));
    sizes.push(records.length);
    until = next;
  } while (until !== undefined);
  return { all, sizes };
}

describe('searchRecords', () => {
  it('A search of several lists finds every matching record of the period once, newest first', async () => {
    const record = fc.record({
      site: fc.constantFrom('a', 'b', 'c'),
      ended: fc.nat(30),
      status: fc.constantFrom('OK' as const, 'FAILURE' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 250 }),
        fc.integer({ min: 1, max: 40 }),
        async (some, count) => {
          const records = some.map(({ site, ended, status }, index) =>
            recordOf(index, { site, status, endedAt: NOON + ended }),
          );
          const matches = ({ status }: RecordSummary) => status === 'FAILURE';
          const { all } = await searchAll({
            lists: ['a', 'b', 'c'].map((site) => listOf(site, records)),
            matches,
            since: NOON + 3,
            until: NOON + 27,
            count,
          });
          const wanted = records
            .filter(({ endedAt, status }) => {
              return status === 'FAILURE' && endedAt >= NOON + 3 && endedAt < NOON + 27;
            })
            .map(recordSummary);
          expect(all.toSorted()).toEqual(wanted.map(keyOf).sort());
          const ends = all.map((key) => wanted.find((one) => keyOf(one) === key)?.endedAt ?? 0);
          expect(ends).toEqual(ends.toSorted((a, b) => b - a));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('A page ends with all that ended in the same millisecond, however many there are', async () => {
    const records = Array.from({ length: 450 }, (_, index) =>
      recordOf(index, { site: 'a', endedAt: NOON + (index < 400 ? 1 : 0) }),
    );
    const { all, sizes } = await searchAll({
      lists: [listOf('a', records)],
      matches: () => true,
      count: 10,
    });
    expect(sizes).toEqual([400, 50]);
    expect(new Set(all).size).toBe(450);
  });

  it('A search that finds little pauses after some thousand records, and goes on where it was', async () => {
    const records = Array.from({ length: 5_000 }, (_, index) =>
      recordOf(index, { site: 'a', status: index === 4_500 ? 'FAILURE' : 'OK' }),
    );
    const search = {
      lists: [listOf('a', records)],
      matches: ({ status }: RecordSummary) => status === 'FAILURE',
      count: 10,
    };
    const first = await searchRecords({ ...search, timeOf });
    expect(first.records).toEqual([]);
    expect(first.next).toBeGreaterThan(NOON - (MAX_SEARCHED + 200) * 60_000);
    const { all, sizes } = await searchAll(search);
    expect(all).toEqual([`a/${recordId(recordOf(4_500))}`]);
    expect(sizes).toEqual([0, 0, 1]);
  });

  it('A page without records that has a cursor is followed by the next one', async () => {
    const pages = [{ records: [], cursor: 'x' }, { records: [recordSummary(recordOf(1))] }];
    const list: RecordList = { read: async ({ cursor }) => pages[cursor === 'x' ? 1 : 0] ?? { records: [] } };
    const found = await searchRecords({ lists: [list], timeOf, matches: () => true, count: 10 });
    expect(found).toEqual({ records: [recordSummary(recordOf(1))] });
  });
});
