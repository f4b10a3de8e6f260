import { describe, expect, it, test } from 'vitest';
import { CRON_DEFAULTS, Cron } from '../../lib/domain/cron.ts';
import { InvalidError } from '../../lib/domain/errors.ts';
import { dumpLog, iso, keptMessages, type Log } from '../../lib/domain/log.ts';
import { loadLog } from '../../lib/domain/log-schema.ts';
import { problemText } from '../../lib/domain/problem.ts';

const fields = { ...CRON_DEFAULTS, uid: 'a', name: 'heartbeat', periodicity: '0 3 * * *' };
const log: Log = {
  id: '1',
  at: Date.UTC(2030, 0, 1),
  date: Date.UTC(2030, 0, 1, 0, 0, 5, 7),
  status: 'OK',
  messages: [],
};

describe('A cron', () => {
  const after = Date.UTC(2030, 0, 1);

  it('runs next in its own zone, or in that of its crontab', () => {
    const paris = new Cron({ ...fields, timezone: 'Europe/Paris' });
    expect(iso(paris.next(after, 'UTC') ?? 0)).toBe('2030-01-01T02:00:00Z');
    expect(iso(new Cron(fields).next(after, 'Asia/Tokyo') ?? 0)).toBe('2030-01-01T18:00:00Z');
    expect(iso(paris.next(Date.UTC(2030, 0, 1, 2), 'UTC') ?? 0)).toBe('2030-01-02T02:00:00Z');
  });

  it('tells of its last run from its newest log', () => {
    const cron = new Cron(fields, [{ ...log, status: 'WARN', messages: ['slow'] }, log]);
    const { last, lastDate, lastStatus, lastMessages } = cron;
    expect({ last, lastDate, lastStatus, lastMessages }).toEqual({
      last: cron.logs[0],
      lastDate: log.date,
      lastStatus: 'WARN',
      lastMessages: ['slow'],
    });
    const fresh = new Cron(fields);
    expect([fresh.last, fresh.lastDate, fresh.lastStatus]).toEqual([undefined, undefined, undefined]);
    expect(fresh.lastMessages).toEqual([]);
  });

  it('is similar to one that differs in its logs alone', () => {
    const cron = new Cron({ ...fields, environ: { a: 1, b: 2 } });
    expect(cron.similar(new Cron({ ...fields, environ: { b: 2, a: 1 } }, [log]))).toBe(true);
    expect(cron.similar(new Cron({ ...fields, environ: { a: 1, b: 2 }, timezone: 'UTC' }))).toBe(false);
  });

  it('says no user and no zone when it has none', () => {
    expect(new Cron(fields).fields()).toStrictEqual(fields);
    const whole = { ...fields, user: 'editor', timezone: 'UTC' };
    expect(new Cron(whole, [log]).dump()).toStrictEqual({ ...whole, logs: [dumpLog(log)] });
  });
});

describe('A log', () => {
  const long = { ...log, started: log.at + 2, runId: 'r', covers: { from: log.at - 60_000, count: 3 } };

  it('is dumped with times that people read, and none lost', () => {
    expect(dumpLog(long)).toEqual({
      id: '1',
      at: '2030-01-01T00:00:00Z',
      date: '2030-01-01T00:00:05.007Z',
      started: '2030-01-01T00:00:00.002Z',
      status: 'OK',
      messages: [],
      runId: 'r',
      covers: { from: '2029-12-31T23:59:00Z', count: 3 },
    });
    expect(dumpLog({ ...log, at: log.at + 9 }).at).toBe('2030-01-01T00:00:00.009Z');
  });

  it.each([log, long])('is loaded from itself, its dump, or the JSON of that', (one) => {
    for (const input of [one, dumpLog(one), JSON.stringify(dumpLog(one))])
      expect(loadLog(input)).toEqual(one);
  });

  it('that is malformed is told all that is wrong', () => {
    try {
      loadLog({
        id: '',
        at: 'noon',
        date: '2030-01-01',
        started: 1.5,
        status: 'ok',
        messages: [1],
        runId: 7,
        covers: 5,
      });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      expect(error.problems.map(problemText)).toEqual([
        'id: got "", wanted text of 1 to 64 characters. Keep it as it was dumped.',
        'at: got "noon", wanted a time such as "2030-01-31T03:00:00Z". Write it in ISO 8601, in UTC.',
        'date: got "2030-01-01", wanted a time such as "2030-01-31T03:00:00Z". Write it in ISO 8601, in UTC.',
        'started: got 1.5, wanted a time such as "2030-01-31T03:00:00Z". Write it in ISO 8601, in UTC.',
        'status: got "ok", wanted OK, WARN, FAILURE or NOTRUN. Choose one of these, in capitals.',
        'messages: got [1], wanted a list of texts. Write a list, or [] for none.',
        'runId: got 7, wanted text. Leave it out when nothing ran.',
        'covers: got 5, wanted {"from": a time, "count": a number from 1}. Leave it out when the log stands for one planned time.',
      ]);
    }
  });

  test.each([
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [['x'.repeat(501)], [`${'x'.repeat(499)}…`]],
    [['x'.repeat(500)], ['x'.repeat(500)]],
    [Array(22).fill('a'), [...Array(20).fill('a'), "… and 2 more messages: see the run's log lines"]],
  ])('keeps no more messages than fit, case %#', (messages, kept) => {
    expect(keptMessages(messages)).toEqual(kept);
  });
});
