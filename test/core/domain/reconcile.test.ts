import { describe, expect, it } from 'vitest';
import { missedReason, notRunLog } from '../../../lib/core/domain/catch-up.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import { isEmpty, reconcile } from '../../../lib/core/domain/reconcile.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';

const OFF = { ...CRONTAB_DEFAULTS, activated: false };
const HALF_PAST = NOON + 30 * MINUTE;

const REASON = missedReason('any reason');

describe('reconcile', () => {
  it('reconcile arms the next time of a new cron', () => {
    const plan = reconcile(cronOf(), CRONTAB_DEFAULTS, newJob('default', 'a'), HALF_PAST);
    expect(plan).toEqual({
      job: {
        ...newJob('default', 'a'),
        armed: { plannedAt: NOON + HOUR, timing: 'heartbeat|0 * * * *|UTC' },
      },
      logs: [],
      arm: NOON + HOUR,
    });
  });

  it('A job that matches its cron stays unchanged', () => {
    const job = armedAt(NOON + HOUR, cronOf());
    const plan = reconcile(cronOf({ environ: { other: true } }), CRONTAB_DEFAULTS, job, HALF_PAST);
    expect(plan).toEqual({ job, logs: [] });
    expect(plan.job).toBe(job);
    expect(isEmpty(plan, job)).toBe(true);
  });

  it.each([
    ['name', { name: 'http' }, NOON + HOUR],
    ['periodicity', { periodicity: '45 * * * *' }, NOON + 45 * MINUTE],
    [
      'time zone',
      { periodicity: '0 * * * *', timezone: 'Asia/Kolkata' },
      NOON + 30 * MINUTE + HOUR / 2 + HOUR / 2,
    ],
  ])('An edit of the %s replaces the timer', (_, edit, plannedAt) => {
    const job = armedAt(NOON + HOUR, cronOf());
    const plan = reconcile(cronOf(edit), CRONTAB_DEFAULTS, job, HALF_PAST);
    expect(plan.job?.armed?.plannedAt).toBe(plannedAt);
    expect({ arm: plan.arm, disarm: plan.disarm }).toEqual(
      plannedAt === NOON + HOUR ? {} : { arm: plannedAt, disarm: NOON + HOUR },
    );
  });

  it('A cron without a time zone uses that of its crontab', () => {
    const cron = cronOf({ periodicity: '0 9 * * *' });
    const plan = reconcile(
      cron,
      { ...CRONTAB_DEFAULTS, timezone: 'Asia/Tokyo' },
      armedAt(NOON, cron),
      NOON - 1,
    );
    expect(plan.arm).toBe(Date.parse('2026-03-03T00:00:00Z'));
  });

  it('An edit records the due time that it replaces', () => {
    const job = armedAt(NOON, cronOf());
    const plan = reconcile(cronOf({ periodicity: '30 * * * *' }), CRONTAB_DEFAULTS, job, NOON + 1000);
    expect(plan.arm).toBe(HALF_PAST);
    expect(plan.logs).toMatchObject([{ plannedAt: NOON, status: 'NOTRUN', reason: 'edited' }]);
    expect(plan.job?.logs).toEqual(plan.logs);
  });

  it('An edit records every undelivered time of the previous periodicity', () => {
    const job = armedAt(NOON, cronOf({ periodicity: '*/10 * * * *' }));
    const plan = reconcile(cronOf(), CRONTAB_DEFAULTS, job, HALF_PAST + 1000);
    expect(plan.logs).toMatchObject([
      {
        plannedAt: HALF_PAST,
        covers: { from: NOON, count: 4 },
        reason: 'edited',
      },
    ]);
  });

  it.each([
    ['the cron', cronOf({ activated: false }), CRONTAB_DEFAULTS],
    ['the crontab', cronOf(), OFF],
  ])('Switching off %s removes the timer and records due and pending times', (_, cron, settings) => {
    const job = armedAt(NOON, cronOf(), { pending: [{ plannedAt: NOON - HOUR }] });
    const plan = reconcile(cron, settings, job, HALF_PAST);
    expect(plan).toMatchObject({ job: { armed: undefined, pending: [] }, disarm: NOON });
    expect(plan.arm).toBeUndefined();
    expect(plan.logs).toMatchObject([
      {
        covers: { from: NOON - HOUR, count: 2 },
        reason: 'off',
      },
    ]);
  });

  it('reconcile removes the timer when the schedule has no further time', () => {
    const over = Object.assign(cronOf({ periodicity: '1 1 1 1 *' }), { next: () => undefined });
    const plan = reconcile(over, CRONTAB_DEFAULTS, armedAt(NOON, cronOf()), NOON - 1);
    expect(plan).toMatchObject({ job: { armed: undefined }, disarm: NOON });
    expect(plan.arm).toBeUndefined();
  });

  it('The job of a cron that is off and has no timer stays unchanged', () => {
    const job = { ...newJob('default', 'a'), revision: 3 };
    expect(reconcile(cronOf(), OFF, job, NOON).job).toBe(job);
  });

  it('reconcile trims the run records to a lowered logsLimit', () => {
    const logs = [2, 1, 0].map((n) => notRunLog({ plannedAt: NOON + n * MINUTE }, REASON, NOON + n * MINUTE));
    const job = armedAt(NOON + HOUR, cronOf(), { logs });
    expect(reconcile(cronOf({ logsLimit: 3 }), CRONTAB_DEFAULTS, job, HALF_PAST).job).toBe(job);
    const plan = reconcile(cronOf({ logsLimit: 2 }), CRONTAB_DEFAULTS, job, HALF_PAST);
    expect(plan).toEqual({ job: { ...job, logs: logs.slice(0, 2) }, logs: [] });
  });

  it('reconcile removes job and timer of a deleted cron', () => {
    const plan = reconcile(undefined, CRONTAB_DEFAULTS, armedAt(NOON, cronOf()), NOON - 1);
    expect(plan).toEqual({ job: undefined, logs: [], disarm: NOON });
    const emptyJob = newJob('default', 'a');
    expect(isEmpty(reconcile(undefined, CRONTAB_DEFAULTS, emptyJob, NOON), emptyJob)).toBe(true);
  });

  it('The job of a deleted cron keeps the lease of a run in progress and nothing else', () => {
    const logs = [notRunLog({ plannedAt: NOON - HOUR }, REASON, NOON - HOUR)];
    const leases = [leaseOf(NOON, HALF_PAST)];
    const job = armedAt(NOON + HOUR, cronOf(), { leases, logs, pending: [{ plannedAt: NOON }] });
    const plan = reconcile(undefined, CRONTAB_DEFAULTS, job, HALF_PAST - 1);
    const bare = { ...newJob('default', 'a'), revision: 1, leases };
    expect(plan).toEqual({ job: bare, logs: [], disarm: NOON + HOUR });
    expect(reconcile(undefined, CRONTAB_DEFAULTS, bare, HALF_PAST - 1).job).toBe(bare);
    expect(reconcile(undefined, CRONTAB_DEFAULTS, bare, HALF_PAST)).toEqual({ job: undefined, logs: [] });
  });

  it('A cron that is added again respects the lease of a run of its predecessor', () => {
    const busy = armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON)] });
    const bare = reconcile(undefined, CRONTAB_DEFAULTS, busy, NOON + 1).job ?? newJob('default', 'a');
    const added = reconcile(cronOf(), CRONTAB_DEFAULTS, bare, NOON + 2);
    expect(added).toMatchObject({
      job: { leases: busy.leases, armed: { plannedAt: NOON + HOUR } },
      arm: NOON + HOUR,
    });
  });

  it('reconcile redelivers an overdue time after five minutes and not sooner', () => {
    const job = armedAt(NOON, cronOf());
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, job, NOON + 5 * MINUTE - 1).deliver).toBeUndefined();
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, job, NOON + 5 * MINUTE).deliver).toEqual({
      plannedAt: NOON,
    });
  });

  it('After the clock was set back, reconcile arms an earlier time that has not run', () => {
    const ahead = armedAt(NOON + 4 * 365 * 24 * HOUR, cronOf());
    const plan = reconcile(cronOf(), CRONTAB_DEFAULTS, ahead, HALF_PAST);
    expect(plan).toMatchObject({
      arm: NOON + HOUR,
      disarm: ahead.armed?.plannedAt,
      job: { armed: { plannedAt: NOON + HOUR } },
    });
    const ran = { ...notRunLog({ plannedAt: NOON + HOUR }, REASON, NOON + HOUR), status: 'OK' as const };
    const skipped = {
      ...notRunLog({ plannedAt: NOON + 3 * HOUR }, REASON, NOON + 3 * HOUR),
      covers: { from: NOON + 2 * HOUR, count: 2 },
    };
    const runs = { ...ahead, logs: [skipped, ran], leases: [leaseOf(NOON + 4 * HOUR)] };
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, runs, HALF_PAST).arm).toBe(NOON + 5 * HOUR);
  });

  it('reconcile does not arm a time that an early delivery has just run', () => {
    const job = armedAt(NOON + HOUR, cronOf());
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, job, NOON - 30_000).job).toBe(job);
    const running = { ...job, leases: [leaseOf(NOON)] };
    const edited = reconcile(cronOf({ name: 'http' }), CRONTAB_DEFAULTS, running, NOON - 30_000);
    expect(edited.job?.armed?.plannedAt).toBe(NOON + HOUR);
  });

  it('reconcile delivers a pending occurrence when nothing runs', () => {
    const waiting = { plannedAt: NOON - HOUR };
    const job = armedAt(NOON + HOUR, cronOf(), { pending: [waiting] });
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, job, NOON).deliver).toEqual(waiting);
    const busy = { ...job, leases: [leaseOf(NOON - 1)] };
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, busy, NOON).deliver).toBeUndefined();
  });

  it('reconcile records a run whose lease has expired as died', () => {
    const job = armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON, HALF_PAST)] });
    expect(reconcile(cronOf(), CRONTAB_DEFAULTS, job, HALF_PAST - 1).job).toBe(job);
    const plan = reconcile(cronOf(), CRONTAB_DEFAULTS, job, HALF_PAST);
    expect(plan.job?.leases).toEqual([]);
    expect(plan.logs).toMatchObject([{ plannedAt: NOON, status: 'FAILURE', reason: 'died', runId: 'run-0' }]);
  });
});
