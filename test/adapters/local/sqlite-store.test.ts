import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../../lib/adapters/local/sqlite-store.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { CLOSED_JOB_MS } from '../../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../../lib/core/domain/names.ts';
import { recordId } from '../../../lib/core/domain/run-record.ts';
import type { Clock } from '../../../lib/core/ports/clock.ts';
import { refusalContract } from '../../contracts/refusal.ts';
import { storeContract } from '../../contracts/store.ts';
import { DAY, gone, jobOf, KEY, NOW, recordOf, saved, switched } from '../../contracts/store-subjects.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const COUNTER = fileURLToPath(import.meta.resolve('../../fixtures/job-counter.ts'));
const PAGE = { limit: 1_000 };

function storeOf(database: DatabaseSync, clock: Clock = new VirtualClock(NOW), retentionDays = 90) {
  return new SqliteStore(database, { clock, retentionDays });
}

storeContract('SqliteStore', async (clock) => {
  const database = openDatabase(join(tempFolder(), 'state', 'cloudtab.db'));
  return { store: storeOf(database, clock), close: async () => database.close() };
});

let path: string;
let database: DatabaseSync;
let store: SqliteStore;

beforeEach(() => {
  path = join(tempFolder(), 'cloudtab.db');
  database = openDatabase(path);
  store = storeOf(database);
});
afterEach(() => database.isOpen && database.close());

function startCounter(times: number): { child: ChildProcess; lines: AsyncIterable<string> } {
  const child = spawn(process.execPath, [COUNTER, path, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

describe('SqliteStore, change notifications', () => {
  test('The callback receives each written projection after its commit, and no other write', async () => {
    const otherDatabase = openDatabase(path);
    const otherStore = storeOf(otherDatabase);
    const calls: { key: ParameterKey; projection: Promise<unknown> }[] = [];
    const observed = new SqliteStore(database, {
      clock: new VirtualClock(NOW),
      retentionDays: 90,
      onProject: (key) => calls.push({ key, projection: otherStore.readProjection(key) }),
    });

    await observed.putProjection(KEY, saved('a'));
    await observed.putProjection(KEY, saved('a', NOW - 1));
    await observed.commit(jobOf('a', 'one'), undefined, [recordOf(NOW)]);
    await observed.putProjection(KEY, gone());
    await observed.putProjection({ site: 'site' }, switched());

    expect(calls.map(({ key }) => key)).toEqual([KEY, KEY, { site: 'site' }]);
    expect(await calls[0]?.projection).toEqual(saved('a'));
    expect(await calls[1]?.projection).toEqual(gone());
    otherDatabase.close();
  });
});

describe('SqliteStore, expiry', () => {
  const COUNT =
    'SELECT (SELECT count(*) FROM projection) p, (SELECT count(*) FROM job) j, (SELECT count(*) FROM record) r';

  test('A purge deletes expired records, removals and closed jobs, and nothing else', async () => {
    const clock = new VirtualClock(NOW);
    store = storeOf(database, clock, 30);
    await store.putProjection(KEY, gone());
    await store.putProjection({ site: 'site', uid: 'b' }, saved('b'));
    await store.commit(jobOf('a', 'one', { closedAt: NOW }), undefined, [recordOf(NOW, { endedAt: NOW })]);
    await store.commit(jobOf('b', 'one'), undefined, [recordOf(NOW, { uid: 'b', endedAt: NOW + 1 })]);
    const rows = () => {
      store.purge();
      return database.prepare(COUNT).get();
    };
    clock.set(NOW + CLOSED_JOB_MS - 1);
    expect(rows()).toEqual({ p: 2, j: 2, r: 2 });
    clock.set(NOW + CLOSED_JOB_MS);
    expect(rows()).toEqual({ p: 2, j: 1, r: 2 });
    clock.set(NOW + 30 * DAY);
    expect(rows()).toEqual({ p: 2, j: 1, r: 1 });
    clock.set(NOW + 90 * DAY);
    expect(rows()).toEqual({ p: 1, j: 1, r: 0 });
    expect(await store.sites()).toEqual(['site']);
  });
});

describe('SqliteStore, formats', () => {
  test('A file of an earlier format is refused with the fix, and stays as it is', () => {
    const old = join(tempFolder(), 'cloudtab.db');
    const oldDatabase = openDatabase(old);
    oldDatabase.exec('CREATE TABLE job (site TEXT, uid TEXT, revision INTEGER)');
    expect(() => storeOf(oldDatabase)).toThrow(
      new ConfigurationError(
        `The state in ${old} has format 0, and this version needs 2. Remove that file: crons and settings are kept in the parameters, only run records and the history of edits are lost.`,
      ),
    );
    expect(oldDatabase.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'job' }]);
    oldDatabase.close();
  });

  test('A file of this format is opened without a write, so that commands read it on a full disk', () => {
    const version = () => database.prepare('PRAGMA data_version').get();
    const before = version();
    const other = openDatabase(path);
    storeOf(other);
    expect(version()).toEqual(before);
    other.exec('PRAGMA user_version = 2');
    expect(version()).not.toEqual(before);
    other.close();
  });

  test('A file of this format is opened while another process writes to it', () => {
    database.exec('BEGIN IMMEDIATE');
    const other = openDatabase(path);
    expect(() => storeOf(other)).not.toThrow();
    other.close();
    database.exec('ROLLBACK');
  });

  test('A file of a later format is refused, and one of this format is opened again', async () => {
    await store.commit(jobOf('a', 'one'), undefined, []);
    expect(await storeOf(database).readJob('site', 'a')).toEqual(jobOf('a', 'one'));
    database.exec('PRAGMA user_version = 3');
    expect(() => storeOf(database)).toThrow(ConfigurationError);
  });
});

describe('SqliteStore, processes', () => {
  test('The state outlives the process that wrote it', async () => {
    await store.putProjection(KEY, saved('a'));
    await store.commit(jobOf('a', 'one'), undefined, [recordOf(NOW)]);
    database.close();
    const second = openDatabase(path);
    const reopened = storeOf(second);
    expect(await reopened.read('site', 'a')).toEqual({ cron: saved('a'), job: jobOf('a', 'one') });
    expect((await reopened.records('site', 'a', PAGE)).records).toEqual([recordOf(NOW)]);
    second.close();
  });

  test('A commit is on the disk before it is answered', () => {
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  });

  test('A process that is killed loses no committed write, and every commit is whole', async () => {
    const { child, lines } = startCounter(1_000_000);
    const printed: string[] = [];
    for await (const line of lines) {
      printed.push(line);
      if (printed.length >= 40) child.kill('SIGKILL');
    }
    const records = await allIds();
    expect(printed.length).toBeGreaterThanOrEqual(40);
    // The child prints a line after its commit, so the kill may fall between the two.
    expect([printed.length, printed.length + 1]).toContain(records.length);
    expect(records).toEqual(expect.arrayContaining(printed));
    expect((await store.readJob('site', 'a'))?.summary.runs).toBe(records.length);
  });

  test('Processes that open the database and write at the same time all succeed, and no write is lost', async () => {
    const counters = [1, 2, 3].map(() => startCounter(30));
    const printed = await Promise.all(counters.map(({ lines }) => Array.fromAsync(lines)));
    const codes = counters.map(async ({ child }) => child.exitCode ?? (await once(child, 'exit'))[0]);
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    expect(new Set(printed.flat()).size).toBe(90);
    expect(await allIds()).toEqual(printed.flat().sort());
    expect((await store.readJob('site', 'a'))?.summary.runs).toBe(90);
  });

  /** The ids of all records of the counters, sorted. */
  async function allIds(): Promise<string[]> {
    const { records } = await store.records('site', 'a', { limit: 1_000_000 });
    return records.map(recordId).sort();
  }
});

describe('SqliteStore, failures', () => {
  test('Opening a file that is not a database fails and names the file', () => {
    const path = join(tempFolder(), 'cloudtab.db');
    writeFileSync(path, 'not a database, but as long as the header of one'.repeat(20));
    expect(() => openDatabase(path)).toThrow(
      new ConfigurationError(
        `Cannot open the state in ${path}: file is not a database. Choose another folder, or move this file away.`,
      ),
    );
  });

  test('Opening a database in a folder that is a file fails with ConfigurationError', () => {
    const folder = join(tempFolder(), 'file');
    writeFileSync(folder, '');
    expect(() => openDatabase(join(folder, 'cloudtab.db'))).toThrow(ConfigurationError);
  });

  test('Every call on a closed database throws UnavailableError with the reason', async () => {
    database.close();
    const unavailable = new UnavailableError('Cannot read or write the state: database is not open.');
    await expect(store.read('site', 'a')).rejects.toThrow(unavailable);
    await expect(store.commit(jobOf('a', 'one'), undefined, [])).rejects.toThrow(unavailable);
    await expect(store.putProjection(KEY, saved('a'))).rejects.toThrow(unavailable);
    await expect(store.records('site', 'a', PAGE)).rejects.toThrow(unavailable);
    expect(() => store.purge()).toThrow(unavailable);
  });

  test.each(['projection', 'record'])(
    'A write of several rows that fails at the %s is rolled back',
    async (table) => {
      database.exec(
        `CREATE TRIGGER full BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
      );
      const write = () =>
        table === 'projection'
          ? store.putProjection(KEY, saved('a'))
          : store.commit(jobOf('a', 'one'), undefined, [recordOf(NOW)]);
      await expect(write()).rejects.toMatchObject({
        name: 'UnavailableError',
        cause: { message: 'disk full' },
      });
      expect(await store.sites()).toEqual([]);
      expect(await store.readJob('site', 'a')).toBeUndefined();
      database.exec('DROP TRIGGER full');
      expect(await write()).toBe(true);
    },
  );
});

test('A write waits a moment for the lock of another process, and then says what to do', async () => {
  const file = join(tempFolder(), 'cloudtab.db');
  const waiting = openDatabase(file);
  const other = openDatabase(file);
  const store = storeOf(waiting);
  expect(waiting.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 250 });
  other.exec('BEGIN IMMEDIATE');
  await expect(store.putProjection(KEY, saved('a'))).rejects.toMatchObject({
    message:
      'Cannot read or write the state: database is locked. Another process is writing to it: try again in a moment.',
  });
  other.close();
  waiting.close();
});

refusalContract('SqliteStore', ['commit', 'putProjection', 'deleteRecords'], async () => {
  // Another connection holds the write lock, and this one does not wait for it.
  const file = join(tempFolder(), 'cloudtab.db');
  const locked = openDatabase(file);
  const lockedStore = storeOf(locked);
  locked.exec('PRAGMA busy_timeout = 0');
  const other = openDatabase(file);
  return {
    calls: {
      commit: () => lockedStore.commit(jobOf('a', 'one'), undefined, [recordOf(NOW)]),
      putProjection: () => lockedStore.putProjection(KEY, saved('a')),
      deleteRecords: () => lockedStore.deleteRecords('site', 'a', ['1']),
    },
    refuse: () => other.exec('BEGIN IMMEDIATE'),
    answer: () => other.exec('ROLLBACK'),
    close: async () => {
      other.close();
      locked.close();
    },
  };
});
