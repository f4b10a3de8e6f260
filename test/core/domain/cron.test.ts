import { describe, expect, it } from 'vitest';
import { CRON_DEFAULTS, Cron } from '../../../lib/core/domain/cron.ts';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { dumpLog, type Log } from '../../../lib/core/domain/log.ts';
import { loadLog } from '../../../lib/core/domain/log-schema.ts';

const fields = { ...CRON_DEFAULTS, uid: 'a', name: 'heartbeat', periodicity: '0 3 * * *' };
const log: Log = {
  id: '1',
  plannedAt: Date.UTC(2030, 0, 1),
  date: Date.UTC(2030, 0, 1, 0, 0, 5, 7),
  status: 'OK',
  messages: [],
};

describe('Cron', () => {
  const after = Date.UTC(2030, 0, 1);

  it('A cron runs in its own time zone, or else in the time zone of its crontab', () => {
    const paris = new Cron({ ...fields, timezone: 'Europe/Paris' });
    expect(iso(paris.next(after, 'UTC') ?? 0)).toBe('2030-01-01T02:00:00Z');
    expect(iso(new Cron(fields).next(after, 'Asia/Tokyo') ?? 0)).toBe('2030-01-01T18:00:00Z');
    expect(iso(paris.next(Date.UTC(2030, 0, 1, 2), 'UTC') ?? 0)).toBe('2030-01-02T02:00:00Z');
  });

  it.each([
    [{ timezone: 'Mars/Olympus' }, 'UTC', 'there is no time zone "Mars/Olympus"'],
    [{}, 'Mars/Olympus', 'there is no time zone "Mars/Olympus"'],
    [{ periodicity: 'soon' }, 'UTC', 'got 1 field, "soon"'],
  ])('A cron with %j in the time zone %s has no planned times, and says why', (changed, timezone, reason) => {
    const cron = new Cron({ ...fields, ...changed });
    expect(cron.next(after, timezone)).toBeUndefined();
    expect(cron.unreadable(timezone)).toContain(reason);
  });

  it('A cron reads its last run from its newest run record', () => {
    const cron = new Cron(fields, [{ ...log, status: 'WARN', messages: ['slow'] }, log]);
    const { last, lastDate, lastStatus, lastMessages } = cron;
    expect({ last, lastDate, lastStatus, lastMessages }).toEqual({
      last: cron.logs[0],
      lastDate: log.date,
      lastStatus: 'WARN',
      lastMessages: ['slow'],
    });
    const newCron = new Cron(fields);
    expect([newCron.last, newCron.lastDate, newCron.lastStatus]).toEqual([undefined, undefined, undefined]);
    expect(newCron.lastMessages).toEqual([]);
  });

  it('Two crons are similar when they differ only in their run records', () => {
    const cron = new Cron({ ...fields, environ: { a: 1, b: 2 } });
    expect(cron.similar(new Cron({ ...fields, environ: { b: 2, a: 1 } }, [log]))).toBe(true);
    expect(cron.similar(new Cron({ ...fields, environ: { a: 1, b: 2 }, timezone: 'UTC' }))).toBe(false);
  });

  it('withUid returns the same definition and run records under another uid', () => {
    const cron = new Cron({ ...fields, user: 'editor' }, [log]);
    expect(cron.withUid('b').dump()).toEqual({ ...cron.dump(), uid: 'b' });
  });

  it('The fields of a cron contain user and timezone only when it has them', () => {
    expect(new Cron(fields).fields()).toStrictEqual(fields);
    const allFields = { ...fields, user: 'editor', timezone: 'UTC' };
    expect(new Cron(allFields, [log]).dump()).toStrictEqual({ ...allFields, logs: [dumpLog(log)] });
  });
});

describe('Log', () => {
  const fullLog = {
    ...log,
    startedAt: log.plannedAt + 2,
    runId: 'r',
    requestedBy: 'ada',
    covers: { from: log.plannedAt - 60_000, count: 3 },
  };

  it('A dump of a run record has ISO 8601 times that lose no milliseconds', () => {
    expect(dumpLog(fullLog)).toEqual({
      id: '1',
      plannedAt: '2030-01-01T00:00:00Z',
      date: '2030-01-01T00:00:05.007Z',
      startedAt: '2030-01-01T00:00:00.002Z',
      status: 'OK',
      messages: [],
      runId: 'r',
      requestedBy: 'ada',
      covers: { from: '2029-12-31T23:59:00Z', count: 3 },
    });
    expect(dumpLog({ ...log, plannedAt: log.plannedAt + 9 }).plannedAt).toBe('2030-01-01T00:00:00.009Z');
  });

  it.each([log, fullLog])(
    'loadLog reads a run record, its dump, and the JSON of its dump (case %#)',
    (one) => {
      for (const input of [one, dumpLog(one), JSON.stringify(dumpLog(one))])
        expect(loadLog(input)).toEqual(one);
    },
  );

  it('loadLog reports every problem of a malformed run record', () => {
    const time = {
      wanted: 'a time such as "2030-01-31T03:00:00Z"',
      fix: 'Write it in ISO 8601, in UTC.',
    };
    const { problems } = attempt(() =>
      loadLog({
        id: '',
        plannedAt: 'noon',
        date: '2030-01-01',
        startedAt: 1.5,
        status: 'ok',
        reason: 'bored',
        messages: [1],
        runId: 7,
        covers: 5,
      }),
    );
    expect(problems).toEqual([
      {
        where: 'id',
        got: '""',
        wanted: 'text of 1 to 64 characters',
        fix: 'Keep it as it was dumped.',
      },
      { where: 'plannedAt', got: '"noon"', ...time },
      { where: 'date', got: '"2030-01-01"', ...time },
      { where: 'startedAt', got: '1.5', ...time },
      {
        where: 'status',
        got: '"ok"',
        wanted: 'OK, WARN, FAILURE or NOTRUN',
        fix: 'Choose one of these, in capitals.',
      },
      {
        where: 'reason',
        got: '"bored"',
        wanted: 'one of missed, late, overlap, off, edited, refused, died, timeout, stopped',
        fix: 'Leave it out if the run ended by itself.',
      },
      { where: 'messages', got: '[1]', wanted: 'a list of texts', fix: 'Write a list, or [] for none.' },
      { where: 'runId', got: '7', wanted: 'text', fix: 'Leave it out if nothing ran.' },
      {
        where: 'covers',
        got: '5',
        wanted: '{"from": a time, "count": a number from 1}',
        fix: 'Leave it out if the log covers one planned time.',
      },
    ]);
  });
});
