/** The judge of `npm run kill` can fail: each kind of loss and doubling is found, and named by its time. */
import { describe, expect, it } from 'vitest';
import type { Log } from '../../lib/domain/log.ts';
import { plannedCount, type Remains, violations } from './account.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 23, 12);

/** A run of the minute so long after noon, with its record. */
function record(minute: number, more: Partial<Log> = {}): Log {
  const at = NOON + minute * MINUTE;
  return {
    id: String(at / 1000),
    at,
    date: at + 500,
    started: at + 100,
    status: 'OK',
    messages: [],
    runId: `r${minute}`,
    ...more,
  };
}

function notRun(minute: number, more: Partial<Log> = {}): Log {
  const { id, at, date } = record(minute);
  return { id, at, date, status: 'NOTRUN', messages: ['Missed: found too late.'], ...more };
}

const start = (minute: number) => ({ uid: 'a', planned: NOON + minute * MINUTE, runId: `r${minute}` });

/** Three minutes that went well, and whatever was otherwise. */
function remains(otherwise: Partial<Remains> = {}): Remains {
  return {
    subject: { uid: 'a', everyMinutes: 1, definition: {} },
    first: NOON,
    armed: NOON + 3 * MINUTE,
    waiting: [],
    asked: [],
    leases: 0,
    logs: [record(0), record(1), record(2)],
    starts: [start(0), start(1), start(2)],
    ...otherwise,
  };
}

const DEAD: Partial<Log> = { status: 'FAILURE', messages: ['its process died or was stopped'] };

describe('the account of killed processes', () => {
  it.each<[string, Partial<Remains>]>([
    ['each time has run once', {}],
    ['a run died after it had begun', { logs: [record(0), record(1, DEAD), record(2)] }],
    [
      'a run died before it could say that it began',
      { logs: [record(0), record(1, DEAD), record(2)], starts: [start(0), start(2)] },
    ],
    [
      'times were missed, and one record stands for them',
      {
        logs: [notRun(1, { covers: { from: NOON, count: 2 } }), record(2)],
        starts: [start(2)],
      },
    ],
    [
      'one record stands for times around another one',
      {
        logs: [record(1), notRun(2, { covers: { from: NOON, count: 2 } })],
        starts: [start(1)],
      },
    ],
    [
      'a time still waits',
      { logs: [record(0), record(1)], starts: [start(0), start(1)], waiting: [NOON + 2 * MINUTE] },
    ],
    [
      'a person asked for a run',
      {
        logs: [...remains().logs, record(1, { id: '1-f', runId: 'f' })],
        starts: [...remains().starts, { ...start(1), runId: 'f' }],
        asked: ['f'],
      },
    ],
    [
      'a cron is planned for every third minute',
      { subject: { uid: 'a', everyMinutes: 3, definition: {} }, logs: [record(0)], starts: [start(0)] },
    ],
  ])('finds nothing when %s', (_, otherwise) => {
    expect(violations(remains(otherwise))).toEqual([]);
  });

  it.each<[string, Partial<Remains>, string[]]>([
    [
      'a time without a record',
      { logs: [record(0), record(2)], starts: [start(0), start(2)] },
      ['a: 2026-11-23T12:01:00Z was lost: it has no record'],
    ],
    [
      'a time that ran twice, the second time over the record of the first',
      { starts: [...remains().starts, { ...start(1), runId: 'again' }] },
      ['a: the run again of 2026-11-23T12:01:00Z started and has no record'],
    ],
    [
      'a time that ran twice, with both records seen',
      {
        logs: [...remains().logs, record(1, { runId: 'again' })],
        starts: [...remains().starts, { ...start(1), runId: 'again' }],
      },
      [
        `a: has two records of ${NOON / 1000 + 60}`,
        'a: 2026-11-23T12:01:00Z was doubled: 2 records stand for it',
      ],
    ],
    [
      'a run that started twice',
      { starts: [...remains().starts, start(1)] },
      ['a: the run r1 started twice'],
    ],
    [
      'a run that was asked for and never heard of again',
      { asked: ['f'] },
      ['a: the run f was asked for and has no record'],
    ],
    [
      'a run that is recorded as not run',
      { logs: [record(0), notRun(1, { runId: 'r1' }), record(2)] },
      ['a: the run r1 of 2026-11-23T12:01:00Z started and has no record'],
    ],
    [
      'a record of a run that never began',
      { starts: [start(0), start(2)] },
      [`a: the record of ${NOON / 1000 + 60} says OK, but no such run started`],
    ],
    [
      'a record that stands for a time that ran',
      { logs: [...remains().logs, notRun(2, { id: 'x', covers: { from: NOON + MINUTE, count: 2 } })] },
      [
        'a: 2026-11-23T12:01:00Z was doubled: 2 records stand for it',
        'a: 2026-11-23T12:02:00Z was doubled: 2 records stand for it',
      ],
    ],
    [
      'a record that stands for fewer times than it says',
      { logs: [record(0), notRun(2, { covers: { from: NOON + MINUTE, count: 5 } })], starts: [start(0)] },
      ['a: the record of 2026-11-23T12:02:00Z stands for 5 times, but 2 are meant'],
    ],
    [
      'a record that does not say why',
      { logs: [record(0), notRun(1, { messages: [] }), record(2)], starts: [start(0), start(2)] },
      [`a: the record of ${NOON / 1000 + 60} says NOTRUN and not why`],
    ],
    [
      'a record of a time that was not planned',
      { logs: [...remains().logs, notRun(-1)] },
      ['a: 2026-11-23T11:59:00Z has a record and was not planned'],
    ],
    ['a timer that is gone', { armed: undefined }, ['a: has no timer']],
    [
      'a timer for no planned time',
      { armed: NOON + 3 * MINUTE - 1 },
      ['a: its timer is for 2026-11-23T12:02:59Z, which is not planned'],
    ],
    ['a lease that nobody ended', { leases: 1 }, ['a: 1 run(s) hold a lease, and nobody runs']],
  ])('finds %s', (_, otherwise, expected) => {
    expect(violations(remains(otherwise))).toEqual(expected);
  });

  it('counts what was planned', () => {
    expect(plannedCount(remains())).toBe(3);
    expect(plannedCount(remains({ armed: undefined }))).toBe(0);
  });
});
