import { describe, expect, it } from 'vitest';
import { GRACE_MS, logId, newJob, nextCheckTime, withLogs } from '../../../lib/core/domain/job.ts';
import type { Log } from '../../../lib/core/domain/log.ts';
import { release, runLog } from '../../../lib/core/domain/release.ts';
import { armedAt, cronOf, HOUR, leaseOf, NOON } from '../../support/jobs.ts';

const logOf = (plannedAt: number, rest: Partial<Log> = {}): Log => ({
  id: logId({ plannedAt }),
  plannedAt,
  date: plannedAt,
  status: 'OK',
  messages: [],
  ...rest,
});

describe('withLogs', () => {
  it('withLogs keeps the newest run records first, up to the limit', () => {
    const logs = [NOON, NOON + HOUR, NOON - HOUR].map((plannedAt) => logOf(plannedAt));
    expect(withLogs(newJob('s', 'a'), logs, 2).logs.map(({ plannedAt }) => plannedAt)).toEqual([
      NOON + HOUR,
      NOON,
    ]);
  });

  it('A later run record replaces the record of the same planned time', () => {
    const job = withLogs(newJob('s', 'a'), [logOf(NOON)], 5);
    const { logs } = withLogs(job, [logOf(NOON, { status: 'FAILURE' })], 5);
    expect(logs).toMatchObject([{ plannedAt: NOON, status: 'FAILURE' }]);
  });

  it('Run records of the same instant are sorted by planned time', () => {
    const logs = [logOf(NOON, { date: NOON }), logOf(NOON - HOUR, { date: NOON })];
    expect(withLogs(newJob('s', 'a'), logs, 5).logs.map(({ plannedAt }) => plannedAt)).toEqual([
      NOON,
      NOON - HOUR,
    ]);
  });

  it('withLogs keeps a new run record even if all others have later dates', () => {
    const job = withLogs(newJob('s', 'a'), [logOf(NOON + 9 * HOUR), logOf(NOON + 8 * HOUR)], 2);
    const { logs } = withLogs(job, [logOf(NOON)], 2);
    expect(logs.map(({ plannedAt }) => plannedAt)).toEqual([NOON + 9 * HOUR, NOON]);
  });

  it('withLogs returns the same job when there is nothing to add', () => {
    const job = newJob('s', 'a');
    expect(withLogs(job, [], 5)).toBe(job);
  });
});

describe('nextCheckTime', () => {
  it.each([
    ['is absent when nothing is armed, running or pending', newJob('s', 'a'), undefined],
    ['is the grace period after its armed time', armedAt(NOON, cronOf()), NOON + GRACE_MS],
    [
      'is the end of a lease that expires sooner',
      armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON, NOON + 9)] }),
      NOON + 9,
    ],
    [
      'is that of a pending occurrence when nothing runs',
      armedAt(NOON + HOUR, cronOf(), { pending: [{ plannedAt: NOON }] }),
      NOON,
    ],
    [
      'is the end of the lease that a pending occurrence waits for',
      armedAt(NOON + HOUR, cronOf(), { pending: [{ plannedAt: NOON }], leases: [leaseOf(NOON, NOON + 9)] }),
      NOON + 9,
    ],
  ])('The next check time of a job %s', (_, job, expected) => {
    expect(nextCheckTime(job)).toBe(expected);
  });
});

describe('release', () => {
  const job = armedAt(NOON + HOUR, cronOf(), {
    leases: [leaseOf(NOON), { ...leaseOf(NOON + 1), runId: 'other' }],
  });

  const ended = runLog(leaseOf(NOON), { status: 'WARN', messages: ['disk is filling'] }, NOON + 5000);

  it('runLog returns a run record with planned time, start, end and result', () => {
    expect(ended).toEqual({
      id: String(NOON / 1000),
      plannedAt: NOON,
      date: NOON + 5000,
      startedAt: NOON,
      status: 'WARN',
      messages: ['disk is filling'],
      runId: 'run-0',
    });
  });

  it('release adds the run record and removes only the lease of that run', () => {
    const released = release(job, 'run-0', ended, 5);
    expect(released?.logs).toEqual([ended]);
    expect(released?.leases.map(({ runId }) => runId)).toEqual(['other']);
  });

  it('release returns nothing when the lease is gone', () => {
    expect(release(job, 'run-9', ended, 5)).toBeUndefined();
  });
});
