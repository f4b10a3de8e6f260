import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../../lib/adapters/local/sqlite-store.ts';
import { CRON_DEFAULTS, type CronFields } from '../../../lib/core/domain/cron.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../../lib/core/domain/names.ts';
import type { Projection } from '../../../lib/core/domain/projection.ts';
import { refusalContract } from '../../contracts/refusal.ts';
import { storeContract } from '../../contracts/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const KEY = { site: 'site', uid: 'a' };
const COUNTER = fileURLToPath(import.meta.resolve('../../fixtures/job-counter.ts'));

storeContract('SqliteStore', async () => {
  const database = openDatabase(join(tempFolder(), 'state', 'cloudtab.db'));
  return { store: new SqliteStore(database), close: async () => database.close() };
});

function saved(modified: number): Projection<CronFields> {
  const value = { ...CRON_DEFAULTS, uid: 'a', name: 'heartbeat', periodicity: '@hourly' };
  return { modified, version: 1, value };
}

function startCounter(path: string, times: number): { child: ChildProcess; lines: AsyncIterable<string> } {
  const child = spawn(process.execPath, [COUNTER, path, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

describe('SqliteStore, change notifications', () => {
  test('The callback receives each written projection after its commit, and no other write', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const database = openDatabase(path);
    const otherDatabase = openDatabase(path);
    const otherStore = new SqliteStore(otherDatabase);
    const calls: { key: ParameterKey; projection: Promise<unknown> }[] = [];
    const store = new SqliteStore(database, (key) =>
      calls.push({ key, projection: otherStore.readProjection(key) }),
    );

    await store.putProjection(KEY, saved(NOW), NOW);
    await store.putProjection(KEY, saved(NOW - 1), NOW);
    await store.settle(KEY, { modified: NOW });
    await store.saveJob(newJob('site', 'a'));
    const removal = { modified: NOW, version: 1, removed: true } as const;
    await store.putProjection(KEY, removal, NOW);
    await store.putProjection({ site: 'site' }, removal, NOW);

    expect(calls.map(({ key }) => key)).toEqual([KEY, KEY, { site: 'site' }]);
    expect(await calls[0]?.projection).toEqual(saved(NOW));
    expect(await calls[1]?.projection).toEqual(removal);
    database.close();
    otherDatabase.close();
  });
});

describe('SqliteStore, removals', () => {
  test('A removal is kept for a day and deleted at the next projection after it', async () => {
    const database = openDatabase(join(tempFolder(), 'cloudtab.db'));
    const store = new SqliteStore(database);
    await store.putProjection(KEY, { modified: NOW, version: 1, removed: true }, NOW);
    await store.settle(KEY, { modified: NOW, removed: true });
    await store.putProjection({ site: 'site' }, { modified: NOW, version: 1 }, NOW + 23 * HOUR);
    expect((await store.readProjection(KEY))?.removed).toBe(true);
    await store.putProjection({ site: 'site' }, { modified: NOW, version: 1 }, NOW + 24 * HOUR);
    expect(await store.readProjection(KEY)).toBeUndefined();
    expect(await store.sites()).toEqual(['site']);
    database.close();
  });

  test('A removal is kept as long as it is unsettled', async () => {
    const database = openDatabase(join(tempFolder(), 'cloudtab.db'));
    const store = new SqliteStore(database);
    await store.putProjection(KEY, { modified: NOW, version: 1, removed: true }, NOW);
    await store.putProjection({ site: 'site' }, { modified: NOW, version: 1 }, NOW + 100 * HOUR);
    expect((await store.readProjection(KEY))?.removed).toBe(true);
    database.close();
  });
});

describe('SqliteStore, processes', () => {
  test('The state outlives the process that wrote it', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const first = openDatabase(path);
    const store = new SqliteStore(first);
    await store.putProjection(KEY, saved(NOW), NOW);
    const job = await store.saveJob(newJob('site', 'a'));
    first.close();
    const second = openDatabase(path);
    expect(await new SqliteStore(second).read('site', 'a')).toEqual({ cron: saved(NOW), job });
    second.close();
  });

  test('A process that is killed loses no committed write', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const { child, lines } = startCounter(path, 1_000_000);
    let last = 0;
    for await (const line of lines) {
      last = Number(line);
      if (last >= 40) child.kill('SIGKILL');
    }
    const database = openDatabase(path);
    const { job } = await new SqliteStore(database).read('site', 'a');
    expect(last).toBeGreaterThanOrEqual(40);
    // The child prints a line after its commit, so the kill may fall between the two.
    expect([last, last + 1]).toContain(job?.revision);
    expect(job?.pending).toHaveLength(Math.min(job?.revision ?? 0, 300));
    database.close();
  });

  test('Processes that open the database and write at the same time all succeed, and no write is lost', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const counters = [1, 2, 3].map(() => startCounter(path, 30));
    const revisions = await Promise.all(counters.map(({ lines }) => Array.fromAsync(lines, Number)));
    const codes = counters.map(async ({ child }) => child.exitCode ?? (await once(child, 'exit'))[0]);
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    expect(revisions.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, n) => n + 1));
    const database = openDatabase(path);
    const { job } = await new SqliteStore(database).read('site', 'a');
    expect(new Set(job?.pending.map(({ forced }) => forced)).size).toBe(90);
    database.close();
  });
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
    const database = openDatabase(join(tempFolder(), 'cloudtab.db'));
    const store = new SqliteStore(database);
    database.close();
    const unavailable = new UnavailableError('Cannot read or write the state: database is not open.');
    await expect(store.read('site', 'a')).rejects.toThrow(unavailable);
    await expect(store.saveJob(newJob('site', 'a'))).rejects.toThrow(unavailable);
    await expect(store.putProjection(KEY, saved(NOW), NOW)).rejects.toThrow(unavailable);
    await expect(Array.fromAsync(store.armed())).rejects.toThrow(unavailable);
  });

  test('A projection that fails halfway is rolled back', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const database = openDatabase(path);
    const store = new SqliteStore(database);
    database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON projection BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    await expect(store.putProjection(KEY, saved(NOW), NOW)).rejects.toMatchObject({
      name: 'UnavailableError',
      cause: { message: 'disk full' },
    });
    expect(await store.sites()).toEqual([]);
    database.exec('DROP TRIGGER full');
    expect(await store.putProjection(KEY, saved(NOW), NOW)).toBe(true);
    database.close();
  });
});

refusalContract('SqliteStore', ['saveJob', 'project', 'settle'], async () => {
  const path = join(tempFolder(), 'cloudtab.db');
  const database = openDatabase(path);
  const store = new SqliteStore(database);
  // Another connection holds the write lock, and this one does not wait for it.
  database.exec('PRAGMA busy_timeout = 0');
  const other = openDatabase(path);
  return {
    calls: {
      saveJob: () => store.saveJob(newJob('site', 'a')),
      project: () => store.putProjection(KEY, saved(NOW), NOW),
      settle: () => store.settle(KEY, { modified: NOW }),
    },
    refuse: () => other.exec('BEGIN IMMEDIATE'),
    answer: () => other.exec('ROLLBACK'),
    close: async () => {
      other.close();
      database.close();
    },
  };
});
