import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../../lib/adapters/local/sqlite-store.ts';
import { recordId } from '../../../lib/core/domain/run-record.ts';
import { jobOf, KEY, MINUTE, NOW, recordOf, saved } from '../../contracts/store-subjects.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const PAGE = { limit: 10 };

let database: DatabaseSync;
let store: SqliteStore;

beforeEach(() => {
  database = openDatabase(join(tempFolder(), 'cloudtab.db'));
  store = new SqliteStore(database, { clock: new VirtualClock(NOW), retentionDays: 90 });
});
afterEach(() => database.close());

describe('SqliteStore, rows that cannot be read', () => {
  test.each([
    ['job', '{', 'its job is no object'],
    ['job', '{"token":"one"}', 'its job has no valid "waitingForced"'],
    ['projection', '7', 'its cron is no object'],
    ['projection', '{"modified":1,"version":1,"value":{"uid":"a"}}', 'its cron has no valid "value.name"'],
  ])('A %s with the content %s makes that cron alone unreadable', async (table, body, unreadable) => {
    for (const uid of ['a', 'b']) {
      await store.putProjection({ site: 'site', uid }, saved(uid));
      await store.commit(jobOf(uid, 'one'), undefined, []);
    }
    database.prepare(`UPDATE ${table} SET body = ? WHERE uid = 'a'`).run(body);
    const { crons } = await store.readSite('site');
    expect(crons).toMatchObject([
      { uid: 'a', unreadable },
      { uid: 'b', cron: saved('b'), job: jobOf('b', 'one') },
    ]);
    expect(await store.read('site', 'a')).toMatchObject({ unreadable });
    expect(crons[1]).not.toHaveProperty('unreadable');
  });

  test('A projection that cannot be read counts as absent and can be projected again', async () => {
    await store.putProjection(KEY, saved('a'));
    database.exec("UPDATE projection SET body = '{'");
    expect(await store.readProjection(KEY)).toBeUndefined();
    expect(await store.putProjection(KEY, saved('a'))).toBe(true);
    expect(await store.readProjection(KEY)).toEqual(saved('a'));
  });

  test('A job that names another cron is the job of the cron of its key', async () => {
    await store.commit(jobOf('a', 'one'), undefined, []);
    database.prepare('UPDATE job SET body = ?').run(JSON.stringify({ ...jobOf('b', 'one'), site: 'other' }));
    expect(await store.readJob('site', 'a')).toEqual(jobOf('a', 'one'));
  });

  test('A run record without its fields is listed with the reason, beside the others, and can be deleted', async () => {
    const broken = recordOf(NOW, { forced: 'run-1-2', status: 'WARN' });
    await store.commit(jobOf('a', 'one'), undefined, [broken, recordOf(NOW + MINUTE)]);
    database
      .prepare("UPDATE record SET body = ? WHERE id LIKE '%run-1-2'")
      .run('{"runner":"x","status":"GOOD"}');
    const unreadable = {
      ...KEY,
      plannedAt: NOW,
      forced: 'run-1-2',
      runner: '',
      status: 'WARN',
      messages: ['This run record cannot be read: it has no valid "plannedAt".'],
      endedAt: NOW,
    };
    const { records } = await store.records('site', 'a', PAGE);
    expect(records).toEqual(
      [unreadable, recordOf(NOW + MINUTE)].toSorted((a, b) => b.plannedAt - a.plannedAt),
    );
    expect((await store.activity('site', PAGE)).records).toHaveLength(2);
    expect(await store.deleteRecords('site', 'a', [recordId(broken)])).toBe(1);
  });
});
