/** The contract of Store for commits: a job and the run records of its change are written together, once, or not at all. */
import { expect, test } from 'vitest';
import { newJob } from '../../lib/core/domain/job.ts';
import {
  DAY,
  fullJob,
  jobOf,
  KEY,
  MINUTE,
  NOW,
  recordOf,
  type StoreSubject,
  saved,
} from './store-subjects.ts';

export function commitContract(subject: () => StoreSubject) {
  test('A job is read back with all its fields', async () => {
    const { store } = subject();
    expect(await store.commit(fullJob('a', 'one'), undefined, [])).toBe(true);
    expect(await store.read('site', 'a')).toEqual({ job: fullJob('a', 'one') });
    expect(await store.readJob('site', 'a')).toEqual(fullJob('a', 'one'));
  });

  test('A commit replaces all of the job', async () => {
    const { store } = subject();
    await store.commit(fullJob('a', 'one'), undefined, []);
    const bare = { ...newJob('site', 'a'), token: 'two' };
    expect(await store.commit(bare, 'one', [])).toBe(true);
    expect(await store.readJob('site', 'a')).toEqual(bare);
  });

  test('A commit with an outdated token changes nothing, with records or without', async () => {
    const { store } = subject();
    await store.commit(jobOf('a', 'one'), undefined, []);
    await store.commit(fullJob('a', 'two'), 'one', []);
    for (const records of [[], [recordOf(NOW)]]) {
      expect(await store.commit(jobOf('a', 'three'), 'one', records)).toBe(false);
      expect(await store.commit(jobOf('a', 'three'), undefined, records)).toBe(false);
      expect(await store.commit(jobOf('a', 'three'), 'unknown', records)).toBe(false);
    }
    expect(await store.readJob('site', 'a')).toEqual(fullJob('a', 'two'));
    expect(await store.records('site', 'a', { limit: 10 })).toEqual({ records: [] });
  });

  test('A job that is not stored cannot be replaced', async () => {
    const { store } = subject();
    for (const records of [[], [recordOf(NOW)]]) {
      expect(await store.commit(jobOf('a', 'two'), 'one', records)).toBe(false);
    }
    expect(await store.read('site', 'a')).toEqual({});
    expect(await store.records('site', 'a', { limit: 10 })).toEqual({ records: [] });
  });

  test('One of many concurrent commits succeeds, and only its record is written', async () => {
    const { store } = subject();
    await store.commit(jobOf('a', 'one'), undefined, []);
    const tokens = Array.from({ length: 8 }, (_, n) => `token-${n}`);
    const commit = (token: string, index: number) =>
      store.commit(jobOf('a', token), 'one', index % 2 === 0 ? [recordOf(NOW + index * MINUTE)] : []);
    const results = await Promise.all(tokens.map(commit));
    expect(results.filter((isCommitted) => isCommitted)).toHaveLength(1);
    const winner = results.indexOf(true);
    expect((await store.readJob('site', 'a'))?.token).toBe(tokens[winner]);
    const { records } = await store.records('site', 'a', { limit: 10 });
    expect(records).toEqual(winner % 2 === 0 ? [recordOf(NOW + winner * MINUTE)] : []);
  });

  test('A commit writes all or nothing', async () => {
    const { store } = subject();
    const records = [0, 1, 2].map((n) => recordOf(NOW + n * MINUTE));
    expect(await store.commit(jobOf('a', 'two'), 'one', records)).toBe(false);
    expect(await store.records('site', 'a', { limit: 10 })).toEqual({ records: [] });
    expect(await store.commit(jobOf('a', 'one'), undefined, records)).toBe(true);
    expect((await store.records('site', 'a', { limit: 10 })).records).toEqual(records.reverse());
    expect(await store.readJob('site', 'a')).toEqual(jobOf('a', 'one'));
  });

  test('A job that was removed and added again is not the one that was read', async () => {
    const { store } = subject();
    await store.commit(jobOf('a', 'one'), undefined, []);
    await store.commit(jobOf('a', 'two', { closedAt: NOW }), 'one', []);
    await store.commit(jobOf('a', 'three'), 'two', []);
    expect(await store.commit(jobOf('a', 'late'), 'one', [recordOf(NOW)])).toBe(false);
    expect(await store.commit(jobOf('a', 'late'), 'one', [])).toBe(false);
    expect(await store.read('site', 'a')).toEqual({ job: jobOf('a', 'three') });
  });

  test('A process that saw no job does not write over one that was created and closed in between', async () => {
    const { store } = subject();
    await store.commit(jobOf('a', 'one'), undefined, []);
    const closed = jobOf('a', 'two', { closedAt: NOW });
    await store.commit(closed, 'one', []);
    expect(await store.commit(jobOf('a', 'late'), undefined, [])).toBe(false);
    expect(await store.commit(jobOf('a', 'late'), undefined, [recordOf(NOW)])).toBe(false);
    expect(await store.read('site', 'a')).toEqual({ job: closed });
  });

  test('A commit whose answer was lost and that is repeated happens once', async () => {
    const { store } = subject();
    const record = recordOf(NOW);
    await store.commit(jobOf('a', 'one'), undefined, [record]);
    await store.deleteRecords('site', 'a', ['1767614400']);
    await store.commit(jobOf('a', 'one'), undefined, [record]);
    expect(await store.read('site', 'a')).toEqual({ job: jobOf('a', 'one') });
    expect(await store.readRecord('site', 'a', '1767614400')).toBeUndefined();

    await store.commit(jobOf('a', 'two'), 'one', []);
    expect(await store.commit(jobOf('a', 'one'), undefined, [record])).toBe(false);
    expect(await store.read('site', 'a')).toEqual({ job: jobOf('a', 'two') });
  });

  test('A record that exists is left as it is, and the rest of the commit happens', async () => {
    const { store } = subject();
    const first = recordOf(NOW, { messages: ['first'] });
    const other = recordOf(NOW + MINUTE);
    await store.commit(jobOf('a', 'one'), undefined, [first]);
    const records = [recordOf(NOW, { messages: ['second'], status: 'WARN' }), other];
    expect(await store.commit(jobOf('a', 'two'), 'one', records)).toBe(true);
    expect((await store.readJob('site', 'a'))?.token).toBe('two');
    expect((await store.records('site', 'a', { limit: 10 })).records).toEqual([other, first]);
    expect(await store.commit(jobOf('a', 'three'), 'two', records)).toBe(true);
    expect((await store.readJob('site', 'a'))?.token).toBe('three');
    expect(await store.commit(jobOf('a', 'late'), 'two', records)).toBe(false);
  });

  test('A late duplicate of a requested run changes nothing', async () => {
    const { store } = subject();
    const record = recordOf(NOW, { forced: 'run-1', messages: ['done'] });
    await store.commit(jobOf('a', 'one'), undefined, [record]);
    const duplicate = { ...record, messages: ['done again'], endedAt: NOW + DAY };
    expect(await store.commit(jobOf('a', 'two'), 'one', [duplicate])).toBe(true);
    expect((await store.records('site', 'a', { limit: 10 })).records).toEqual([record]);
    expect((await store.activity('site', { limit: 10 })).records).toHaveLength(1);
  });

  test('A commit leaves the cron and the jobs of other crons alone', async () => {
    const { store } = subject();
    await store.putProjection(KEY, saved('a'));
    await store.commit(jobOf('b', 'one'), undefined, []);
    await store.commit({ ...newJob('other', 'a'), token: 'one' }, undefined, []);
    await store.commit(jobOf('a', 'two', { closedAt: NOW }), undefined, []);
    expect((await store.read('site', 'a')).cron).toEqual(saved('a'));
    expect(await store.readJob('site', 'b')).toEqual(jobOf('b', 'one'));
    expect(await store.readJob('other', 'a')).toEqual({ ...newJob('other', 'a'), token: 'one' });
  });
}
