import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupCommit } from '../../../lib/adapters/local/group-commit.ts';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let path: string;
let database: DatabaseSync;
let other: DatabaseSync;
let writes: GroupCommit;

beforeEach(() => {
  path = join(tempFolder(), 'cloudtab.db');
  database = openDatabase(path);
  database.exec('CREATE TABLE line (number INTEGER PRIMARY KEY)');
  other = openDatabase(path);
  writes = new GroupCommit(database);
});
afterEach(() => {
  database.close();
  other.close();
});

const insert = (number: number) => () => {
  database.prepare('INSERT INTO line VALUES (?)').run(number);
  return number;
};

/** What another process sees. */
const durable = () =>
  other
    .prepare('SELECT number FROM line ORDER BY rowid')
    .all()
    .map(({ number }) => number);

const insertAll = (numbers: readonly number[], isUrgent = false) =>
  Promise.all(numbers.map((number) => writes.write(insert(number), isUrgent)));

describe('GroupCommit', () => {
  it('A write resolves with its result when it is durable', async () => {
    const result = writes.write(insert(1));
    expect(durable()).toEqual([]);
    expect(await result).toBe(1);
    expect(durable()).toEqual([1]);
  });

  it('Writes of one turn become durable together', async () => {
    const first = writes.write(insert(1));
    void writes.write(insert(2));
    await first;
    expect(durable()).toEqual([1, 2]);
  });

  it('Urgent writes become durable before all others, and many others in their order', async () => {
    const others = insertAll(Array.from({ length: 120 }, (_, index) => index));
    await insertAll([1_000, 1_001], true);
    expect(durable()).toContain(1_001);
    expect(durable().length).toBeLessThan(120);
    await others;
    expect(durable()).toHaveLength(122);
  });

  it('A write that fails rejects, and harms none of the same transaction', async () => {
    const results = await Promise.allSettled(
      [insert(1), insert(1), insert(2)].map((step) => writes.write(step)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: expect.any(UnavailableError) });
    expect(durable()).toEqual([1, 2]);
  });

  it('If the transaction itself fails, each write rejects', async () => {
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([insert(1), insert(2)].map((step) => writes.write(step)));
    other.exec('ROLLBACK');
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { message: expect.stringContaining('Another process is writing') },
      });
    }
    expect(await writes.write(insert(3))).toBe(3);
    expect(durable()).toEqual([3]);
  });
});
