import { describe, expect, it } from 'vitest';
import type { Cron } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../../lib/core/domain/crontab-settings.ts';
import { type Job, newJob } from '../../../lib/core/domain/job.ts';
import { isEmpty, reconcile } from '../../../lib/core/domain/reconcile.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NeverAgain, NOON } from '../../support/jobs.ts';

const OFF = { ...CRONTAB_DEFAULTS, activated: false };
const HALF_PAST = NOON + 30 * MINUTE;

/** Reconciles with the default settings. */
const plan = (cron: Cron | undefined, job: Job, now: number, settings: CrontabSettings = CRONTAB_DEFAULTS) =>
  reconcile({ cron, settings, editedAt: now }, job, now);

describe('reconcile of an active cron', () => {
  it('After an edit while nothing ran, only the times that were planned before the edit are recorded as replaced', () => {
    const everyMinute = cronOf({ periodicity: '* * * * *' });
    const daily = cronOf({ periodicity: '0 5 * * *' });
    const edited = (editedAt: number) =>
      reconcile(
        { cron: daily, settings: CRONTAB_DEFAULTS, editedAt },
        armedAt(NOON, everyMinute),
        NOON + 12 * MINUTE,
      ).records;
    expect(edited(NOON - 1)).toEqual([]);
    expect(edited(NOON + 2.5 * MINUTE)).toMatchObject([
      { plannedAt: NOON + 2 * MINUTE, reason: 'edited', covers: { from: NOON, count: 3 } },
    ]);
  });

  it('reconcile arms the next time of a new cron', () => {
    const job = newJob('default', 'a');
    expect(plan(cronOf(), job, HALF_PAST)).toMatchObject({
      job: { armedAt: NOON + HOUR, timing: '0 * * * *|UTC' },
      records: [],
      arm: NOON + HOUR,
    });
  });

  it('A job that agrees with its cron comes back as it is', () => {
    const job = armedAt(NOON + HOUR, cronOf());
    const result = plan(cronOf({ environ: { other: true }, name: 'http' }), job, HALF_PAST);
    expect(result).toEqual({ job, records: [] });
    expect(result.job).toBe(job);
    expect(isEmpty(result, job)).toBe(true);
  });

  it('A plan that only delivers is not empty', () => {
    const job = armedAt(NOON + HOUR, cronOf());
    expect(isEmpty({ job, records: [], deliver: { plannedAt: NOON } }, job)).toBe(false);
  });

  it.each([
    ['periodicity', { periodicity: '45 * * * *' }, NOON + 45 * MINUTE],
    ['time zone', { timezone: 'Asia/Kolkata', periodicity: '0 20 * * *' }, NOON + 2.5 * HOUR],
  ])('An edit of the %s replaces the timer', (_, edit, plannedAt) => {
    const job = armedAt(NOON + HOUR, cronOf());
    expect(plan(cronOf(edit), job, HALF_PAST)).toMatchObject({
      job: { armedAt: plannedAt },
      arm: plannedAt,
      disarm: NOON + HOUR,
    });
  });

  it('An edit that keeps the next time keeps its timer', () => {
    const job = armedAt(NOON + HOUR, cronOf());
    const cron = cronOf({ periodicity: '0 13 * * *' });
    const result = plan(cron, job, HALF_PAST);
    expect(result.job).toMatchObject({ armedAt: NOON + HOUR, timing: '0 13 * * *|UTC' });
    expect([result.arm, result.disarm]).toEqual([undefined, undefined]);
  });

  it('A cron without a time zone uses that of its crontab', () => {
    const cron = cronOf({ periodicity: '0 9 * * *' });
    const settings = { ...CRONTAB_DEFAULTS, timezone: 'Asia/Tokyo' };
    expect(plan(cron, armedAt(NOON, cron), NOON - 1, settings).arm).toBe(Date.parse('2026-03-03T00:00:00Z'));
  });

  it('A long timing is compared by its hash', () => {
    const minutes = Array.from({ length: 40 }, (_, n) => n).join(',');
    const cron = cronOf({ periodicity: `${minutes} 13 * * *` });
    const job = armedAt(NOON + HOUR, cron);
    expect(job.timing).toMatch(/^#[0-9a-f]+$/);
    expect(plan(cron, job, HALF_PAST).job).toBe(job);
    expect(plan(cronOf({ periodicity: `${minutes} 14 * * *` }), job, HALF_PAST).arm).toBe(NOON + 2 * HOUR);
  });

  it('An edit records the due time that it replaces', () => {
    const job = armedAt(NOON, cronOf());
    const result = plan(cronOf({ periodicity: '30 * * * *' }), job, NOON + 1000);
    expect(result.arm).toBe(HALF_PAST);
    expect(result.records).toMatchObject([{ plannedAt: NOON, status: 'NOTRUN', reason: 'edited' }]);
    expect(result.job).toMatchObject({ decidedUntil: NOON, summary: { statuses: 'N' } });
  });

  it('An edit records every due and every waiting time of the earlier periodicity', () => {
    const forced = { plannedAt: NOON - MINUTE, forced: 'by-hand', requestedBy: 'ann' };
    const job = armedAt(NOON, cronOf({ periodicity: '*/10 * * * *' }), {
      waiting: { from: NOON - HOUR, to: NOON - 50 * MINUTE },
      waitingForced: [forced],
      busySince: NOON - HOUR,
    });
    const result = plan(cronOf(), job, HALF_PAST + 1000);
    expect(result.records).toMatchObject([
      { plannedAt: NOON - 50 * MINUTE, covers: { from: NOON - HOUR, count: 2 }, reason: 'edited' },
      { plannedAt: HALF_PAST, covers: { from: NOON, count: 4 }, reason: 'edited' },
      { ...forced, reason: 'edited' },
    ]);
    expect(result.job).toMatchObject({ waiting: undefined, waitingForced: [], busySince: undefined });
  });

  it('A schedule without a further time loses its timer', () => {
    const over = new NeverAgain(cronOf({ periodicity: '1 1 1 1 *' }).fields());
    const result = plan(over, armedAt(NOON, cronOf()), NOON - 1);
    expect(result).toMatchObject({ job: { armedAt: undefined }, disarm: NOON });
    expect(result.arm).toBeUndefined();
  });
});

describe('reconcile of a cron that is off', () => {
  it.each([
    ['the cron', cronOf({ activated: false }), CRONTAB_DEFAULTS],
    ['the crontab', cronOf(), OFF],
  ])('Switching off %s removes the timer and records due and waiting times', (_, cron, settings) => {
    const job = armedAt(NOON, cronOf(), { waiting: { from: NOON - HOUR, to: NOON - HOUR } });
    const result = plan(cron, job, HALF_PAST, settings);
    expect(result).toMatchObject({ job: { armedAt: undefined, waiting: undefined }, disarm: NOON });
    expect(result.arm).toBeUndefined();
    expect(result.records).toMatchObject([
      { plannedAt: NOON - HOUR, reason: 'off' },
      { plannedAt: NOON, reason: 'off' },
    ]);
  });

  it('A request that holds although the cron is off keeps waiting, and is delivered again when its delivery is lost', () => {
    const evenOff = { plannedAt: NOON, forced: 'by-hand', evenOff: true } as const;
    const other = { plannedAt: NOON, forced: 'other' };
    const job = { ...armedAt(NOON + HOUR, cronOf()), waitingForced: [other, evenOff], busySince: NOON };
    const dropped = plan(cronOf({ activated: false }), job, NOON + 1);
    expect(dropped.records).toMatchObject([{ ...other, reason: 'off' }]);
    expect(dropped.job).toMatchObject({ waitingForced: [evenOff], armedAt: undefined });
    const repeated = plan(cronOf({ activated: false }), dropped.job, NOON + 10 * MINUTE);
    expect(repeated).toMatchObject({ deliver: evenOff, job: { redelivery: { count: 1 } } });
  });

  it('The job of a cron that is off and has no timer stays unchanged', () => {
    const job = { ...newJob('default', 'a'), token: 'token-1' };
    expect(plan(cronOf(), job, NOON, OFF).job).toBe(job);
  });

  it('A closed job opens again although the cron that was added is off', () => {
    const job = { ...newJob('default', 'a'), token: 'token-1', closedAt: NOON };
    const result = plan(cronOf(), job, NOON, OFF);
    expect(result.job.closedAt).toBeUndefined();
    expect(result.arm).toBeUndefined();
  });

  it('A cron that is switched on seconds before its next time is armed for it', () => {
    const off = plan(cronOf(), armedAt(NOON, cronOf()), NOON - HOUR / 2, OFF).job;
    expect(plan(cronOf(), off, NOON - 10_000)).toMatchObject({ job: { armedAt: NOON }, arm: NOON });
  });

  it('A cron that is switched on again is armed, and no time before now runs', () => {
    const off = plan(cronOf(), armedAt(NOON, cronOf()), NOON - HOUR / 2, OFF).job;
    const result = plan(cronOf(), off, NOON + 3 * HOUR + 1);
    expect(result).toMatchObject({ arm: NOON + 4 * HOUR, records: [] });
  });
});

describe('reconcile of a removed cron', () => {
  const leases = [leaseOf(NOON, HALF_PAST)];
  const recentForced = [{ plannedAt: NOON, forced: 'by-hand' }];
  const job = armedAt(NOON + HOUR, cronOf(), {
    leases,
    recentForced,
    decidedUntil: NOON,
    redelivery: { at: NOON, count: 1 },
    busySince: NOON,
  });

  it('The job is closed, and keeps what at-most-once rests on', () => {
    const { job: closed, records, disarm } = plan(undefined, job, HALF_PAST - 1);
    expect(disarm).toBe(NOON + HOUR);
    expect(records).toEqual([]);
    expect(closed).toEqual({
      ...newJob('default', 'a'),
      token: 'token-1',
      closedAt: HALF_PAST - 1,
      leases,
      recentForced,
      decidedUntil: NOON,
      busySince: NOON,
    });
    expect(plan(undefined, closed, HALF_PAST - 1).job).toBe(closed);
  });

  it('What is due or waits when the cron is removed ends with a record', () => {
    const waitingForced = [{ plannedAt: NOON + 1, forced: 'by-hand' }];
    const due = armedAt(NOON + HOUR, cronOf(), { waiting: { from: NOON, to: NOON }, waitingForced });
    const result = plan(undefined, due, NOON + 2 * HOUR);
    const edited = {
      status: 'NOTRUN',
      reason: 'edited',
      messages: ['The cron was removed before it could start.'],
    };
    expect(result.records).toMatchObject([
      { ...edited, plannedAt: NOON },
      { ...edited, plannedAt: NOON + 2 * HOUR, covers: { from: NOON + HOUR, count: 2 } },
      { ...edited, plannedAt: NOON + 1, forced: 'by-hand' },
    ]);
    expect(result.job).toMatchObject({ decidedUntil: NOON + 2 * HOUR, waitingForced: [] });
    expect(result.job.summary.statuses).toBe('NNN');
  });

  it('A closed job ends a lease that expires', () => {
    const closed = plan(undefined, job, HALF_PAST - 1).job;
    const result = plan(undefined, closed, HALF_PAST);
    expect(result.job.leases).toEqual([]);
    expect(result.records).toMatchObject([{ plannedAt: NOON, reason: 'died', runner: '' }]);
  });

  it('A job without a timer is closed without disarming', () => {
    const { armedAt: _, ...unarmed } = job;
    const result = plan(undefined, unarmed, HALF_PAST - 1);
    expect(result.job.closedAt).toBe(HALF_PAST - 1);
    expect(result).not.toHaveProperty('disarm');
  });

  it('A job that was never stored needs no closing', () => {
    const empty = newJob('default', 'a');
    expect(isEmpty(plan(undefined, empty, NOON), empty)).toBe(true);
  });

  it('A cron that is added again opens the job, respects its lease, and repeats no decided time', () => {
    const closed = plan(undefined, { ...job, decidedUntil: NOON + HOUR }, NOON + 1).job;
    const added = plan(cronOf(), closed, NOON + 2);
    expect(added).toMatchObject({ job: { leases, armedAt: NOON + 2 * HOUR }, arm: NOON + 2 * HOUR });
    expect(added.job.closedAt).toBeUndefined();
  });
});

describe('reconcile of overdue occurrences', () => {
  const cron = cronOf({ periodicity: '0 12 * * *' });
  const job = armedAt(NOON, cron);

  it('An overdue time is delivered again after two minutes, and not sooner', () => {
    expect(plan(cron, job, NOON + 2 * MINUTE - 1).deliver).toBeUndefined();
    expect(plan(cron, job, NOON + 2 * MINUTE)).toMatchObject({
      deliver: { plannedAt: NOON },
      job: { redelivery: { at: NOON + 2 * MINUTE, count: 1 } },
    });
  });

  it.each([
    [1, 4],
    [2, 8],
    [4, 32],
    [5, 60],
    [40, 60],
  ])('After delivery number %i the next one follows after %i minutes', (count, minutes) => {
    const tried = { ...job, redelivery: { at: NOON, count } };
    const due = NOON + minutes * MINUTE;
    expect(plan(cron, tried, due - 1).deliver).toBeUndefined();
    expect(plan(cron, tried, due)).toMatchObject({
      deliver: { plannedAt: NOON },
      job: { redelivery: { at: due, count: count + 1 } },
    });
  });

  it('A waiting occurrence is delivered if nothing runs', () => {
    const waiting = { ...job, armedAt: NOON + 24 * HOUR, waiting: { from: NOON, to: NOON } };
    expect(plan(cron, waiting, NOON + 1).deliver).toEqual({ plannedAt: NOON });
    const busy = { ...waiting, leases: [leaseOf(NOON - 1)] };
    expect(plan(cron, busy, NOON + 1).deliver).toBeUndefined();
  });

  it('A run whose lease has expired is recorded as died', () => {
    const dying = { ...job, armedAt: NOON + 24 * HOUR, leases: [leaseOf(NOON, HALF_PAST)] };
    expect(plan(cron, dying, HALF_PAST - 1).job).toBe(dying);
    const result = plan(cron, dying, HALF_PAST);
    expect(result.job.leases).toEqual([]);
    expect(result.records).toMatchObject([{ plannedAt: NOON, status: 'FAILURE', reason: 'died' }]);
  });
});

describe('reconcile after the clock was set back', () => {
  it('An earlier time that was not decided is armed', () => {
    const ahead = armedAt(NOON + 4 * 365 * 24 * HOUR, cronOf());
    expect(plan(cronOf(), ahead, HALF_PAST)).toMatchObject({
      arm: NOON + HOUR,
      disarm: ahead.armedAt,
      job: { armedAt: NOON + HOUR },
    });
  });

  it('A time that was decided is never armed again', () => {
    const ahead = armedAt(NOON + 9 * HOUR, cronOf(), { decidedUntil: NOON + 4 * HOUR });
    expect(plan(cronOf(), ahead, HALF_PAST).arm).toBe(NOON + 5 * HOUR);
  });

  it('A time that an early delivery has just run is not armed again', () => {
    const job = armedAt(NOON + HOUR, cronOf());
    expect(plan(cronOf(), job, NOON - 30_000).job).toBe(job);
    const running = { ...job, leases: [leaseOf(NOON)], decidedUntil: NOON };
    expect(plan(cronOf({ periodicity: '0,30 * * * *' }), running, NOON - 30_000).arm).toBe(HALF_PAST);
  });

  it('A job without anything armed is armed if its cron has a time again', () => {
    const { armedAt: _, ...job } = armedAt(NOON, cronOf());
    expect(plan(cronOf(), job, HALF_PAST).arm).toBe(NOON + HOUR);
  });
});
