/** The contract of Store for run records: lists, pages, expiry and deletion. */
import { expect, test } from 'vitest';
import { InvalidError } from '../../lib/core/domain/errors.ts';
import { type RunRecord, recordId } from '../../lib/core/domain/run-record.ts';
import { recordSummary } from '../../lib/core/domain/run-summary.ts';
import type { PageRequest } from '../../lib/core/ports/store.ts';
import {
  commitRecords,
  DAY,
  fullRecord,
  KEY,
  MINUTE,
  NOW,
  recordOf,
  type StoreSubject,
} from './store-subjects.ts';

interface Page<Item> {
  readonly records: readonly Item[];
  readonly cursor?: string;
}

/** All pages of a list, with the number of records on each. */
async function pages<Item>(list: (page: PageRequest) => Promise<Page<Item>>, limit: number) {
  const all: Item[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await list(cursor === undefined ? { limit } : { limit, cursor });
    all.push(...page.records);
    sizes.push(page.records.length);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { all, sizes };
}

export function recordContract(subject: () => StoreSubject) {
  test('A run record is read back with all its fields', async () => {
    const { store } = subject();
    const record = fullRecord(NOW);
    await commitRecords(store, [record]);
    expect(await store.readRecord('site', 'a', recordId(record))).toEqual(record);
    expect(await store.records('site', 'a', { limit: 10 })).toMatchObject({ records: [record] });
    expect(await store.readRecord('site', 'b', recordId(record))).toBeUndefined();
  });

  test('The lists of a site and of what needs attention have summaries', async () => {
    const { store } = subject();
    const record = { ...fullRecord(NOW), messages: ['時'.repeat(200), 'more'] };
    await commitRecords(store, [record]);
    const { attempts: _, wentOn: __, ...summary } = recordSummary(record);
    for (const { records } of [
      await store.activity('site', { limit: 10 }),
      await store.attention({ limit: 10 }),
    ]) {
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject(summary);
      expect(records[0]).not.toHaveProperty('messages');
    }
  });

  test('The records of a cron are listed by planned time, newest first, page by page', async () => {
    const { store } = subject();
    const records = Array.from({ length: 9 }, (_, n) =>
      recordOf(NOW + n * MINUTE, { endedAt: NOW + 90 * MINUTE - n }),
    );
    const forced = recordOf(NOW + 4 * MINUTE, { forced: 'run-1' });
    await commitRecords(store, [...records, forced, recordOf(NOW, { uid: 'ab' })]);
    const { all, sizes } = await pages((page) => store.records('site', 'a', page), 4);
    const expected = [...records, forced].map(recordId).sort().reverse();
    expect(all.map(recordId)).toEqual(expected);
    expect(sizes.slice(0, 3)).toEqual([4, 4, 2]);
    const { all: one } = await pages((page) => store.records('site', 'a', page), 1);
    expect(one.map(recordId)).toEqual(expected);
  });

  test('The records of a site are listed by their end, newest first, page by page', async () => {
    const { store } = subject();
    const records = Array.from({ length: 9 }, (_, n) =>
      recordOf(NOW + n * MINUTE, { uid: `cron-${n % 3}`, endedAt: NOW + 90 * MINUTE - Math.floor(n / 2) }),
    );
    await commitRecords(store, [...records, recordOf(NOW, { site: 'other' })]);
    const { all, sizes } = await pages((page) => store.activity('site', page), 4);
    const ends = all.map(({ endedAt }) => endedAt);
    expect(ends).toEqual(ends.toSorted((a, b) => b - a));
    expect(new Set(all.map(({ plannedAt }) => plannedAt)).size).toBe(9);
    expect(sizes.slice(0, 3)).toEqual([4, 4, 1]);
  });

  test('What needs attention is listed over all sites by its end, newest first, page by page', async () => {
    const { store } = subject();
    const statuses = ['FAILURE', 'OK', 'WARN', 'NOTRUN'] as const;
    const records = Array.from({ length: 12 }, (_, n) =>
      recordOf(NOW + n * MINUTE, { site: `site-${n % 5}`, status: statuses[n % 4] ?? 'OK' }),
    );
    await commitRecords(store, records);
    const { all } = await pages((page) => store.attention(page), 2);
    const expected = records.filter(({ status }) => status !== 'OK').reverse();
    expect(all).toEqual(expected.map(recordSummary));
  });

  test('A list of a period, in either order, has the records of its first millisecond and not those of its end', async () => {
    const { store } = subject();
    const records = Array.from({ length: 8 }, (_, n) =>
      recordOf(NOW + n * MINUTE, { endedAt: NOW + n * MINUTE + 7, status: 'WARN' }),
    );
    const forced = recordOf(NOW + 3 * MINUTE, { forced: 'run-1', status: 'WARN' });
    await commitRecords(store, [...records, { ...forced, endedAt: NOW + 3 * MINUTE + 7 }]);
    const expected = [5, 4, 3, 3, 2].map((n) => NOW + n * MINUTE);
    const planned = { since: NOW + 2 * MINUTE, until: NOW + 6 * MINUTE };
    const ended = { since: planned.since + 7, until: planned.until + 7 };
    for (const limit of [2, 10]) {
      const { all } = await pages((page) => store.records('site', 'a', { ...page, ...planned }), limit);
      expect(all.map(({ plannedAt }) => plannedAt)).toEqual(expected);
      for (const list of [
        (page: PageRequest) => store.activity('site', { ...page, ...ended }),
        (page: PageRequest) => store.attention({ ...page, ...ended }),
      ]) {
        const { all: summaries } = await pages(list, limit);
        expect(summaries.map(({ plannedAt }) => plannedAt)).toEqual(expected);
      }
    }
    const oldestFirst = true as const;
    const lists = [
      (page: PageRequest) => store.records('site', 'a', { ...page, ...planned, oldestFirst }),
      (page: PageRequest) => store.activity('site', { ...page, ...ended, oldestFirst }),
      (page: PageRequest) => store.attention({ ...page, ...ended, oldestFirst }),
    ];
    for (const list of lists) {
      const { all } = await pages<Pick<RunRecord, 'plannedAt'>>(list, 2);
      expect(all.map(({ plannedAt }) => plannedAt)).toEqual(expected.toReversed());
    }
    const { since, until } = planned;
    const inside = { limit: 10, since: since + 1, until: until - MINUTE + 1 };
    expect((await store.records('site', 'a', inside)).records).toHaveLength(4);
    expect((await store.activity('site', { limit: 10, since: until + 8 })).records).toHaveLength(1);
    expect((await store.attention({ limit: 10, until: since + 7 })).records).toHaveLength(2);
  });

  test('A record is kept for the retention, and longer if it is one of the newest of its cron', async () => {
    const { store, clock } = subject();
    const kept = recordOf(NOW, { endedAt: NOW, keepUntil: NOW + 400 * DAY, status: 'WARN' });
    const expiring = recordOf(NOW + MINUTE, { endedAt: NOW, keepUntil: NOW + DAY, status: 'WARN' });
    await commitRecords(store, [kept, expiring]);
    const listed = async () => {
      const lists = [
        await store.records('site', 'a', { limit: 10 }),
        await store.activity('site', { limit: 10 }),
        await store.attention({ limit: 10 }),
      ];
      const single = await Promise.all(
        [kept, expiring].map((record) => store.readRecord('site', 'a', recordId(record))),
      );
      return [...lists.map(({ records }) => records.length), single.filter((record) => record).length];
    };
    clock.set(NOW + 90 * DAY - 1_000);
    expect(await listed()).toEqual([2, 2, 2, 2]);
    clock.set(NOW + 90 * DAY);
    expect(await listed()).toEqual([1, 1, 1, 1]);
    clock.set(NOW + 400 * DAY);
    expect(await listed()).toEqual([0, 0, 0, 0]);
  });

  test('No record is kept for more than ten years', async () => {
    const { store, clock } = subject();
    await commitRecords(store, [recordOf(NOW, { endedAt: NOW, keepUntil: Number.MAX_SAFE_INTEGER })]);
    clock.set(NOW + 3_650 * DAY - 1_000);
    expect((await store.records('site', 'a', { limit: 1 })).records).toHaveLength(1);
    clock.set(NOW + 3_650 * DAY);
    expect((await store.records('site', 'a', { limit: 1 })).records).toEqual([]);
  });

  test('Deleted records are gone from every list, and deleting them again deletes nothing', async () => {
    const { store } = subject();
    const records: readonly RunRecord[] = [0, 1, 2].map((n) =>
      recordOf(NOW + n * MINUTE, { status: 'WARN' }),
    );
    await commitRecords(store, [...records, recordOf(NOW, { uid: 'b' })]);
    const ids = records.slice(0, 2).map(recordId);
    expect(await store.deleteRecords('site', 'a', [...ids, '1'])).toBe(2);
    expect(await store.deleteRecords('site', 'a', ids)).toBe(0);
    expect((await store.records('site', 'a', { limit: 10 })).records).toEqual(records.slice(2));
    expect((await store.activity('site', { limit: 10 })).records).toHaveLength(2);
    expect((await store.attention({ limit: 10 })).records).toHaveLength(1);
    expect(await store.readRecord('site', 'b', recordId(recordOf(NOW)))).toBeDefined();
  });

  test('A cursor of another list, another version or another form is refused', async () => {
    const { store } = subject();
    const records = [0, 1, 2].map((n) => recordOf(NOW + n * MINUTE, { status: 'WARN' }));
    await commitRecords(store, [...records, ...records.map((record) => ({ ...record, uid: 'b' }))]);
    const lists = {
      a: (page: PageRequest) => store.records('site', 'a', page),
      b: (page: PageRequest) => store.records('site', 'b', page),
      activity: (page: PageRequest) => store.activity('site', page),
      attention: (page: PageRequest) => store.attention(page),
    };
    const own = await Promise.all(
      Object.values(lists).map(async (list) => (await list({ limit: 1 })).cursor),
    );
    const { site, uid } = KEY;
    const forged = [
      ['1', `records ${site}/${uid}`, '5'],
      ['2', `records ${site}/${uid}`, { pk: 'b' }],
      {},
      7,
    ].map((content) => Buffer.from(JSON.stringify(content)).toString('base64url'));
    for (const [index, list] of Object.values(lists).entries()) {
      expect((await list({ limit: 1, cursor: own[index] ?? '' })).records).toHaveLength(1);
      for (const cursor of [
        ...own.filter((_, other) => other !== index),
        ...forged,
        '',
        '%',
        'x'.repeat(5_000),
      ]) {
        await expect(list({ limit: 1, cursor: cursor ?? '' })).rejects.toBeInstanceOf(InvalidError);
      }
    }
  });
}
