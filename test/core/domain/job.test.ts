import { describe, expect, it } from 'vitest';
import { newJob, overdueTime, withBusySince } from '../../../lib/core/domain/job.ts';
import { expireLeases, release, runRecord } from '../../../lib/core/domain/lease.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';

const OWNER = { site: 'default', uid: 'a', runner: 'heartbeat' };
const WAITING = { from: NOON, to: NOON };

describe('overdueTime', () => {
  it.each([
    ['is absent if nothing is armed, running or waiting', newJob('s', 'a'), undefined],
    ['is five minutes after its armed time', armedAt(NOON, cronOf()), NOON + 5 * MINUTE],
    [
      'is the end of a lease that expires sooner',
      armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON, NOON + 9)] }),
      NOON + 9,
    ],
    [
      'is five minutes after a waiting occurrence if nothing runs',
      armedAt(NOON + HOUR, cronOf(), { waiting: WAITING }),
      NOON + 5 * MINUTE,
    ],
    [
      'is that of a requested run that has waited longest',
      armedAt(NOON + HOUR, cronOf(), {
        waiting: WAITING,
        waitingForced: [{ plannedAt: NOON - MINUTE, forced: 'by-hand' }],
      }),
      NOON + 4 * MINUTE,
    ],
    [
      'is the end of the lease that a waiting occurrence waits for',
      armedAt(NOON + HOUR, cronOf(), { waiting: WAITING, leases: [leaseOf(NOON, NOON + 9)] }),
      NOON + 9,
    ],
  ])('The overdue time of a job %s', (_, job, expected) => {
    expect(overdueTime(job)).toBe(expected);
  });
});

describe('withBusySince', () => {
  it.each([
    ['a lease', { leases: [leaseOf(NOON)] }],
    ['a waiting time', { waiting: WAITING }],
    ['a waiting requested run', { waitingForced: [{ plannedAt: NOON, forced: 'by-hand' }] }],
  ])('A job with %s is busy since it had the first', (_, rest) => {
    const job = withBusySince(armedAt(NOON, cronOf(), rest), NOON + 1);
    expect(job.busySince).toBe(NOON + 1);
    expect(withBusySince(job, NOON + 2)).toBe(job);
  });

  it('A job without any is not busy', () => {
    const busy = armedAt(NOON, cronOf(), { busySince: NOON });
    const idle = withBusySince(busy, NOON + 1);
    expect(idle.busySince).toBeUndefined();
    expect(withBusySince(idle, NOON + 2)).toBe(idle);
  });
});

describe('runRecord', () => {
  const lease = leaseOf(NOON);

  it('The record of a run has its lease, its result and its times', () => {
    const result = { status: 'WARN' as const, messages: ['disk is filling'], startedAt: NOON + 20 };
    expect(runRecord(OWNER, lease, result, NOON + 5000)).toEqual({
      ...OWNER,
      plannedAt: NOON,
      runId: 'run-0',
      status: 'WARN',
      messages: ['disk is filling'],
      deliveredAt: NOON,
      claimedAt: NOON,
      startedAt: NOON + 20,
      attempts: 1,
      endedAt: NOON + 5000,
      definitionVersion: 1,
    });
  });

  it('The record of a requested run says who requested it, and with which code it ran', () => {
    const requested = { ...lease, forced: 'by-hand', requestedBy: 'ann', codeVersion: 'abc', stop: 'bob' };
    const result = {
      status: 'FAILURE' as const,
      reason: 'stopped' as const,
      messages: [],
      wentOn: true as const,
    };
    expect(runRecord(OWNER, requested, result, NOON)).toMatchObject({
      forced: 'by-hand',
      requestedBy: 'ann',
      codeVersion: 'abc',
      reason: 'stopped',
      wentOn: true,
    });
    expect(runRecord(OWNER, requested, result, NOON)).not.toHaveProperty('stop');
    expect(runRecord(OWNER, requested, result, NOON).attempts).toBeUndefined();
  });
});

describe('release', () => {
  const other = { ...leaseOf(NOON + 1), runId: 'run-0', holder: 'holder-1' };
  const job = armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON), other], busySince: NOON });
  const record = runRecord(OWNER, leaseOf(NOON), { status: 'OK', messages: [] }, NOON + 5000);

  it('A release removes only the lease of its holder, and the summary counts its record', () => {
    const change = release(job, 'holder-0', record);
    expect(change?.records).toEqual([record]);
    expect(change?.job).toMatchObject({ leases: [other], busySince: NOON });
    expect(change?.job.summary).toMatchObject({ statuses: 'O', runs: 1, failures: 0 });
  });

  it('The release of the last lease ends the busy period', () => {
    expect(release({ ...job, leases: [other] }, 'holder-1', record)?.job.busySince).toBeUndefined();
  });

  it('A release changes nothing if the lease is gone', () => {
    expect(release(job, 'run-0', record)).toBeUndefined();
  });
});

describe('expireLeases', () => {
  it('A lease ends in the millisecond in which it expires, as a failure that says so', () => {
    const job = armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON, NOON + 9)], busySince: NOON });
    expect(expireLeases(job, 'heartbeat', NOON + 8)).toEqual({ job, records: [] });
    const { job: after, records } = expireLeases(job, 'heartbeat', NOON + 9);
    expect(after).toMatchObject({ leases: [], busySince: undefined, summary: { failuresInRow: 1 } });
    expect(records).toMatchObject([
      {
        status: 'FAILURE',
        reason: 'died',
        messages: ['The process of the run died before 2026-03-02T12:00:00Z; the run was not retried.'],
      },
    ]);
  });
});
