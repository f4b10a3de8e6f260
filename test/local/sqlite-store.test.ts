import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CRON_DEFAULTS, type CronFields } from '../../lib/domain/cron.ts';
import { ConfigurationError, UnavailableError } from '../../lib/domain/errors.ts';
import { newJob } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { openDatabase } from '../../lib/local/sqlite-database.ts';
import { SqliteStore } from '../../lib/local/sqlite-store.ts';
import type { Projection } from '../../lib/ports/store.ts';
import { refusalContract } from '../contracts/refusal.ts';
import { storeContract } from '../contracts/store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const KEY = { site: 'site', uid: 'a' };
const COUNTER = fileURLToPath(import.meta.resolve('../fixtures/job-counter.ts'));

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

describe('what plays the part of the stream', () => {
  test('it is told each projection that was written, after it was committed, and no other', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const database = openDatabase(path);
    const elsewhere = openDatabase(path);
    const other = new SqliteStore(elsewhere);
    const told: { key: ParameterKey; seen: Promise<unknown> }[] = [];
    const store = new SqliteStore(database, (key) => told.push({ key, seen: other.readProjection(key) }));

    await store.project(KEY, saved(NOW), NOW);
    await store.project(KEY, saved(NOW - 1), NOW);
    await store.settle(KEY, { modified: NOW });
    await store.saveJob(newJob('site', 'a'));
    const removal = { modified: NOW, version: 1, removed: true } as const;
    await store.project(KEY, removal, NOW);
    await store.project({ site: 'site' }, removal, NOW);

    expect(told.map(({ key }) => key)).toEqual([KEY, KEY, { site: 'site' }]);
    expect(await told[0]?.seen).toEqual(saved(NOW));
    expect(await told[1]?.seen).toEqual(removal);
    database.close();
    elsewhere.close();
  });
});

describe('a removal', () => {
  test('is remembered for a day, and forgotten at the next projection after it', async () => {
    const database = openDatabase(join(tempFolder(), 'cloudtab.db'));
    const store = new SqliteStore(database);
    await store.project(KEY, { modified: NOW, version: 1, removed: true }, NOW);
    await store.settle(KEY, { modified: NOW, removed: true });
    await store.project({ site: 'site' }, { modified: NOW, version: 1 }, NOW + 23 * HOUR);
    expect((await store.readProjection(KEY))?.removed).toBe(true);
    await store.project({ site: 'site' }, { modified: NOW, version: 1 }, NOW + 24 * HOUR);
    expect(await store.readProjection(KEY)).toBeUndefined();
    expect(await store.sites()).toEqual(['site']);
    database.close();
  });

  test('is not forgotten as long as it is unsettled', async () => {
    const database = openDatabase(join(tempFolder(), 'cloudtab.db'));
    const store = new SqliteStore(database);
    await store.project(KEY, { modified: NOW, version: 1, removed: true }, NOW);
    await store.project({ site: 'site' }, { modified: NOW, version: 1 }, NOW + 100 * HOUR);
    expect((await store.readProjection(KEY))?.removed).toBe(true);
    database.close();
  });
});

describe('the state', () => {
  test('outlives the process that wrote it', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const first = openDatabase(path);
    const store = new SqliteStore(first);
    await store.project(KEY, saved(NOW), NOW);
    const job = await store.saveJob(newJob('site', 'a'));
    first.close();
    const second = openDatabase(path);
    expect(await new SqliteStore(second).read('site', 'a')).toEqual({ cron: saved(NOW), job });
    second.close();
  });

  test('a process that is killed loses nothing that was committed', async () => {
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
    // The kill may have come between a commit and its line, never between a line and its commit.
    expect([last, last + 1]).toContain(job?.revision);
    expect(job?.pending).toHaveLength(Math.min(job?.revision ?? 0, 300));
    database.close();
  });

  test('processes that open it and claim at once all get their turn, and no claim is lost', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const counters = [1, 2, 3].map(() => startCounter(path, 30));
    const printed = await Promise.all(counters.map(({ lines }) => Array.fromAsync(lines, Number)));
    const codes = counters.map(async ({ child }) => child.exitCode ?? (await once(child, 'exit'))[0]);
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    expect(printed.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, n) => n + 1));
    const database = openDatabase(path);
    const { job } = await new SqliteStore(database).read('site', 'a');
    expect(new Set(job?.pending.map(({ forced }) => forced)).size).toBe(90);
    database.close();
  });
});

describe('when it cannot be used', () => {
  test('a file that is no database is named, with the cure', () => {
    const path = join(tempFolder(), 'cloudtab.db');
    writeFileSync(path, 'not a database, but long enough to be taken for the header of one'.repeat(20));
    expect(() => openDatabase(path)).toThrow(
      new ConfigurationError(
        `The state in ${path} cannot be opened: file is not a database. Choose another folder, or move this file away.`,
      ),
    );
  });

  test('a folder that is a file is named, with the cure', () => {
    const folder = join(tempFolder(), 'file');
    writeFileSync(folder, '');
    expect(() => openDatabase(join(folder, 'cloudtab.db'))).toThrow(ConfigurationError);
  });

  test('every call says that the state is unavailable, and why', async () => {
    const database = openDatabase(join(tempFolder(), 'cloudtab.db'));
    const store = new SqliteStore(database);
    database.close();
    const unavailable = new UnavailableError('The state could not be read or written: database is not open.');
    await expect(store.read('site', 'a')).rejects.toThrow(unavailable);
    await expect(store.saveJob(newJob('site', 'a'))).rejects.toThrow(unavailable);
    await expect(store.project(KEY, saved(NOW), NOW)).rejects.toThrow(unavailable);
    await expect(Array.fromAsync(store.armed())).rejects.toThrow(unavailable);
  });

  test('a projection that fails halfway leaves nothing behind', async () => {
    const path = join(tempFolder(), 'cloudtab.db');
    const database = openDatabase(path);
    const store = new SqliteStore(database);
    database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON projection BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    await expect(store.project(KEY, saved(NOW), NOW)).rejects.toThrow(
      new UnavailableError('The state could not be read or written: disk full.'),
    );
    expect(await store.sites()).toEqual([]);
    database.exec('DROP TRIGGER full');
    expect(await store.project(KEY, saved(NOW), NOW)).toBe(true);
    database.close();
  });
});

refusalContract('SqliteStore', ['saveJob', 'project', 'settle'], async () => {
  const path = join(tempFolder(), 'cloudtab.db');
  const database = openDatabase(path);
  const store = new SqliteStore(database);
  // Another process writes all the while, and this one does not wait for it.
  database.exec('PRAGMA busy_timeout = 0');
  const other = openDatabase(path);
  return {
    calls: {
      saveJob: () => store.saveJob(newJob('site', 'a')),
      project: () => store.project(KEY, saved(NOW), NOW),
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
