import { describe, expect, it } from 'vitest';
import { dueTime, GRACE, logId, newJob, withLogs } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import { endOf, release } from '../../lib/domain/release.ts';
import { armedAt, cronOf, HOUR, leaseOf, NOON } from '../support/jobs.ts';

const logOf = (at: number, rest: Partial<Log> = {}): Log => ({
  id: logId({ at }),
  at,
  date: at,
  status: 'OK',
  messages: [],
  ...rest,
});

describe('the logs of a job', () => {
  it('are newest first and never more than the limit', () => {
    const logs = [NOON, NOON + HOUR, NOON - HOUR].map((at) => logOf(at));
    expect(withLogs(newJob('s', 'a'), logs, 2).logs.map(({ at }) => at)).toEqual([NOON + HOUR, NOON]);
  });

  it('hold one record for each planned time: a later one replaces it', () => {
    const job = withLogs(newJob('s', 'a'), [logOf(NOON)], 5);
    const { logs } = withLogs(job, [logOf(NOON, { status: 'FAILURE' })], 5);
    expect(logs).toMatchObject([{ at: NOON, status: 'FAILURE' }]);
  });

  it('that were recorded at the same instant are sorted by planned time', () => {
    const logs = [logOf(NOON, { date: NOON }), logOf(NOON - HOUR, { date: NOON })];
    expect(withLogs(newJob('s', 'a'), logs, 5).logs.map(({ at }) => at)).toEqual([NOON, NOON - HOUR]);
  });

  it('keep a fresh one also when all others have later dates, by a clock that was set back', () => {
    const job = withLogs(newJob('s', 'a'), [logOf(NOON + 9 * HOUR), logOf(NOON + 8 * HOUR)], 2);
    const { logs } = withLogs(job, [logOf(NOON)], 2);
    expect(logs.map(({ at }) => at)).toEqual([NOON + 9 * HOUR, NOON]);
  });

  it('do not change a job when there is nothing to add', () => {
    const job = newJob('s', 'a');
    expect(withLogs(job, [], 5)).toBe(job);
  });
});

describe('the time at which a job needs a look', () => {
  it.each([
    ['is none when nothing is armed, runs or waits', newJob('s', 'a'), undefined],
    ['is the grace after its armed time', armedAt(NOON, cronOf()), NOON + GRACE],
    [
      'is the end of a lease, if sooner',
      armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON, NOON + 9)] }),
      NOON + 9,
    ],
    [
      'has come when something waits and nothing runs',
      armedAt(NOON + HOUR, cronOf(), { pending: [{ at: NOON }] }),
      NOON,
    ],
    [
      'is the end of the lease when something waits for it',
      armedAt(NOON + HOUR, cronOf(), { pending: [{ at: NOON }], leases: [leaseOf(NOON, NOON + 9)] }),
      NOON + 9,
    ],
  ])('%s', (_, job, expected) => {
    expect(dueTime(job)).toBe(expected);
  });
});

describe('the end of a run', () => {
  const job = armedAt(NOON + HOUR, cronOf(), {
    leases: [leaseOf(NOON), { ...leaseOf(NOON + 1), runId: 'other' }],
  });

  const ended = endOf(leaseOf(NOON), { status: 'WARN', messages: ['disk is filling'] }, NOON + 5000);

  it('is a record of what was planned, when it ran, and how it went', () => {
    expect(ended).toEqual({
      id: String(NOON / 1000),
      at: NOON,
      date: NOON + 5000,
      started: NOON,
      status: 'WARN',
      messages: ['disk is filling'],
      runId: 'run-0',
    });
  });

  it('writes its record and ends the lease of that run alone', () => {
    const released = release(job, 'run-0', ended, 5);
    expect(released?.logs).toEqual([ended]);
    expect(released?.leases.map(({ runId }) => runId)).toEqual(['other']);
  });

  it('changes nothing when the lease is gone', () => {
    expect(release(job, 'run-9', ended, 5)).toBeUndefined();
  });
});
