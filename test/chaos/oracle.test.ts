/**
 * Shows that the oracle of `npm run chaos` can fail: it reports each kind of loss and duplicate with its planned
 * time.
 */
import { describe, expect, it } from 'vitest';
import type { Log } from '../../lib/core/domain/log.ts';
import { type CronHistory, findViolations, plannedCount } from './oracle.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 23, 12);

/** The record of the run planned `minute` minutes after noon. */
function record(minute: number, more: Partial<Log> = {}): Log {
  const plannedAt = NOON + minute * MINUTE;
  return {
    id: String(plannedAt / 1000),
    plannedAt,
    date: plannedAt + 500,
    startedAt: plannedAt + 100,
    status: 'OK',
    messages: [],
    runId: `r${minute}`,
    ...more,
  };
}

function notRun(minute: number, more: Partial<Log> = {}): Log {
  const { id, plannedAt, date } = record(minute);
  return { id, plannedAt, date, status: 'NOTRUN', messages: ['missed'], ...more };
}

const start = (minute: number) => ({ uid: 'a', plannedAt: NOON + minute * MINUTE, runId: `r${minute}` });

/** Three successful minutes, with some fields replaced. */
function history(overrides: Partial<CronHistory> = {}): CronHistory {
  return {
    cron: { uid: 'a', everyMinutes: 1, definition: {} },
    firstPlannedAt: NOON,
    armedAt: NOON + 3 * MINUTE,
    waiting: [],
    forcedRunIds: [],
    leases: 0,
    records: [record(0), record(1), record(2)],
    starts: [start(0), start(1), start(2)],
    ...overrides,
  };
}

const DEAD: Partial<Log> = { status: 'FAILURE', messages: ['died'] };

describe('findViolations', () => {
  it.each<[string, Partial<CronHistory>]>([
    ['each planned time has run once', {}],
    ['a run died after its start', { records: [record(0), record(1, DEAD), record(2)] }],
    [
      'a run died before it reported its start',
      { records: [record(0), record(1, DEAD), record(2)], starts: [start(0), start(2)] },
    ],
    [
      'one record covers all missed times',
      {
        records: [notRun(1, { covers: { from: NOON, count: 2 } }), record(2)],
        starts: [start(2)],
      },
    ],
    [
      'a planned time still waits',
      { records: [record(0), record(1)], starts: [start(0), start(1)], waiting: [NOON + 2 * MINUTE] },
    ],
    [
      'a run was forced',
      {
        records: [...history().records, record(1, { id: '1-f', runId: 'f' })],
        starts: [...history().starts, { ...start(1), runId: 'f' }],
        forcedRunIds: ['f'],
      },
    ],
    [
      'the cron is planned for every third minute',
      { cron: { uid: 'a', everyMinutes: 3, definition: {} }, records: [record(0)], starts: [start(0)] },
    ],
  ])('findViolations finds nothing when %s', (_, overrides) => {
    expect(findViolations(history(overrides))).toEqual([]);
  });

  it.each<[string, Partial<CronHistory>, string[]]>([
    [
      'a planned time without a record',
      { records: [record(0), record(2)], starts: [start(0), start(2)] },
      ['a: 2026-11-23T12:01:00Z is lost: it has no record'],
    ],
    [
      'a planned time that ran twice, where the second record replaced the first',
      { starts: [...history().starts, { ...start(1), runId: 'again' }] },
      ['a: run again of 2026-11-23T12:01:00Z started but has no record'],
    ],
    [
      'a planned time that ran twice, with both records',
      {
        records: [...history().records, record(1, { runId: 'again' })],
        starts: [...history().starts, { ...start(1), runId: 'again' }],
      },
      [
        `a: record ${NOON / 1000 + 60} exists twice`,
        'a: 2026-11-23T12:01:00Z is duplicated: 2 records cover it',
      ],
    ],
    ['a run that started twice', { starts: [...history().starts, start(1)] }, ['a: run r1 started twice']],
    ['a forced run without a record', { forcedRunIds: ['f'] }, ['a: run f was forced but has no record']],
    [
      'a run that is recorded as NOTRUN',
      { records: [record(0), notRun(1, { runId: 'r1' }), record(2)] },
      ['a: run r1 of 2026-11-23T12:01:00Z started but has no record'],
    ],
    [
      'a record of a run that never started',
      { starts: [start(0), start(2)] },
      [`a: record ${NOON / 1000 + 60} has status OK but its run never started`],
    ],
    [
      'a record that covers a time that ran',
      { records: [...history().records, notRun(2, { id: 'x', covers: { from: NOON + MINUTE, count: 2 } })] },
      [
        'a: 2026-11-23T12:01:00Z is duplicated: 2 records cover it',
        'a: 2026-11-23T12:02:00Z is duplicated: 2 records cover it',
      ],
    ],
    [
      'a record that covers the times around another record',
      { records: [record(1), notRun(2, { covers: { from: NOON, count: 2 } })], starts: [start(1)] },
      [
        'a: the record of 2026-11-23T12:02:00Z claims 2 times but covers 3',
        'a: 2026-11-23T12:01:00Z is duplicated: 2 records cover it',
      ],
    ],
    [
      'a record that covers fewer times than it claims',
      { records: [record(0), notRun(2, { covers: { from: NOON + MINUTE, count: 5 } })], starts: [start(0)] },
      ['a: the record of 2026-11-23T12:02:00Z claims 5 times but covers 2'],
    ],
    [
      'a record without a reason',
      { records: [record(0), notRun(1, { messages: [] }), record(2)], starts: [start(0), start(2)] },
      [`a: record ${NOON / 1000 + 60} has status NOTRUN and no reason`],
    ],
    [
      'a record of a time that was not planned',
      { records: [...history().records, notRun(-1)] },
      ['a: 2026-11-23T11:59:00Z has a record but was not planned'],
    ],
    ['a missing timer', { armedAt: undefined }, ['a: no timer is armed']],
    [
      'a timer for a time that is not planned',
      { armedAt: NOON + 3 * MINUTE - 1 },
      ['a: a timer is armed for 2026-11-23T12:02:59Z, which is not planned'],
    ],
    ['a lease that is left', { leases: 1 }, ['a: 1 lease(s) are left without a process']],
  ])('findViolations reports %s', (_, overrides, expected) => {
    expect(findViolations(history(overrides))).toEqual(expected);
  });

  it('plannedCount counts the planned times before the armed one', () => {
    expect(plannedCount(history())).toBe(3);
    expect(plannedCount(history({ armedAt: undefined }))).toBe(0);
  });
});
