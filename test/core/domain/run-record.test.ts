// cspell:ignore NFFO
import { describe, expect, it } from 'vitest';
import { dumpLog, lastLog, logOf } from '../../../lib/core/domain/log.ts';
import {
  MAX_MESSAGE_BYTES,
  type RunRecord,
  recordId,
  truncateMessages,
} from '../../../lib/core/domain/run-record.ts';
import {
  EMPTY_SUMMARY,
  recordSummary,
  statusesOf,
  summarize,
  withoutDeleted,
} from '../../../lib/core/domain/run-summary.ts';
import { byteLength, truncateBytes } from '../../../lib/core/domain/truncate-bytes.ts';
import { HOUR, NOON } from '../../support/jobs.ts';

const RECORD: RunRecord = {
  site: 'default',
  uid: 'a',
  runner: 'heartbeat',
  plannedAt: NOON,
  status: 'OK',
  messages: [],
  claimedAt: NOON + 100,
  startedAt: NOON + 200,
  endedAt: NOON + 5000,
  runId: 'run-1',
  keepUntil: NOON + HOUR,
};
const SKIPPED: RunRecord = {
  ...{ site: 'default', uid: 'a', runner: 'heartbeat', plannedAt: NOON, endedAt: NOON + 1 },
  status: 'NOTRUN',
  reason: 'missed',
  messages: ['Missed.'],
  covers: { from: NOON - HOUR, count: 2 },
};

describe('recordId', () => {
  it('The id of a record is its planned time, and that of a requested run has its run id behind it', () => {
    expect(recordId({ plannedAt: NOON })).toBe('1772452800');
    expect(recordId({ plannedAt: NOON + 999, forced: 'by-hand' })).toBe('1772452800-by-hand');
  });
});

describe('truncateBytes', () => {
  it.each([
    ['a short text', 'short', 100, 'short'],
    ['a text of exactly the length', 'éé', 4, 'éé'],
    ['the beginning of a longer text', 'abcdef', 5, 'ab…'],
    ['whole characters of four bytes', '🕛🕛', 7, '🕛…'],
    ['nothing if not even the ellipsis fits', 'abcdef', 2, ''],
  ])('truncateBytes keeps %s', (_, text, maxBytes, kept) => {
    expect(truncateBytes(text, maxBytes)).toEqual({ text: kept, bytes: byteLength(kept) });
  });
});

describe('truncateMessages', () => {
  it('Messages that fit are kept as they are', () => {
    expect(truncateMessages(['one', '', 'three'])).toEqual(['one', '', 'three']);
  });

  it('Of many messages the first twenty are kept, and the last line counts the rest', () => {
    const kept = truncateMessages(Array.from({ length: 25 }, (_, n) => `message ${n}`));
    expect(kept).toHaveLength(21);
    expect(kept.at(-1)).toBe('… and 5 more messages: see the output of the run');
  });

  it('Long messages are cut at 8 KB in all, also in Japanese', () => {
    const kept = truncateMessages(['終'.repeat(2000), '了'.repeat(2000), 'lost']);
    expect(byteLength(kept.join(''))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(kept.at(-1)).toContain('1 more');
  });
});

describe('the summary of a job', () => {
  it('The summary counts runs and failures, and remembers the last result', () => {
    const failed: RunRecord = {
      ...RECORD,
      status: 'FAILURE',
      reason: 'timeout',
      messages: ['x'.repeat(500)],
    };
    const summary = summarize(EMPTY_SUMMARY, [RECORD, failed, failed, SKIPPED]);
    expect(summary).toMatchObject({ statuses: 'NFFO', runs: 3, failures: 2, failuresInRow: 2 });
    expect(statusesOf(summary)).toEqual(['NOTRUN', 'FAILURE', 'FAILURE', 'OK']);
    const { last } = summarize(EMPTY_SUMMARY, [failed]);
    expect(byteLength(last?.message ?? '')).toBe(160);
  });

  it('A good run ends the series of failures', () => {
    const failed: RunRecord = { ...RECORD, status: 'FAILURE' };
    expect(summarize(EMPTY_SUMMARY, [failed, RECORD]).failuresInRow).toBe(0);
  });

  it('The summary remembers twenty statuses', () => {
    const summary = summarize(EMPTY_SUMMARY, Array(25).fill(RECORD));
    expect(summary.statuses).toBe('O'.repeat(20));
  });

  it('A letter of another version is skipped', () => {
    expect(statusesOf({ ...EMPTY_SUMMARY, statuses: 'O?W' })).toEqual(['OK', 'WARN']);
  });

  it('After a deletion the summary follows the records that are left, and keeps its counters', () => {
    const summary = summarize(EMPTY_SUMMARY, [SKIPPED, RECORD]);
    expect(withoutDeleted(summary, [SKIPPED])).toMatchObject({
      statuses: 'N',
      runs: 1,
      last: { status: 'NOTRUN' },
    });
    expect(withoutDeleted(summary, []).last).toBeUndefined();
  });
});

describe('a record as a log', () => {
  it('A log has the start of the runner, or the claim if it never started', () => {
    const { startedAt: _, ...died } = RECORD;
    expect(logOf(RECORD)).toMatchObject({ id: '1772452800', date: NOON + 5000, startedAt: NOON + 200 });
    expect(logOf(died).startedAt).toBe(NOON + 100);
    expect(logOf(SKIPPED).startedAt).toBeUndefined();
  });

  it('A log names who requested the run', () => {
    expect(logOf({ ...RECORD, forced: 'r1', requestedBy: 'ada' }).requestedBy).toBe('ada');
    expect(logOf(RECORD).requestedBy).toBeUndefined();
  });

  it('The last log of a summary has the id of its record', () => {
    const forced = { ...RECORD, forced: 'by-hand', runId: 'by-hand', messages: ['one', 'two'] };
    for (const record of [RECORD, SKIPPED, forced]) {
      const log = lastLog(summarize(EMPTY_SUMMARY, [record]));
      expect(log?.id).toBe(recordId(record));
      expect(log?.messages).toEqual(record.messages.slice(0, 1));
    }
    expect(lastLog(EMPTY_SUMMARY)).toBeUndefined();
  });

  it('A dumped log has ISO 8601 times, with milliseconds where they count', () => {
    expect(dumpLog(logOf({ ...SKIPPED, endedAt: NOON + 1 }))).toMatchObject({
      plannedAt: '2026-03-02T12:00:00Z',
      date: '2026-03-02T12:00:00.001Z',
      covers: { from: '2026-03-02T11:00:00Z', count: 2 },
    });
    expect(dumpLog(logOf(RECORD)).startedAt).toBe('2026-03-02T12:00:00.200Z');
  });

  it('A record in a list has the beginning of its first message', () => {
    expect(recordSummary(SKIPPED)).toMatchObject({ message: 'Missed.', reason: 'missed' });
    expect(recordSummary(RECORD).message).toBeUndefined();
    expect(recordSummary(RECORD)).not.toHaveProperty('keepUntil');
  });
});
