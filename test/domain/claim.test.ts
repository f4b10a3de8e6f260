import { describe, expect, it } from 'vitest';
import { type ClaimRequest, claim } from '../../lib/domain/claim.ts';
import { Cron, type CronFields } from '../../lib/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import { type Job, newJob } from '../../lib/domain/job.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NOON } from '../support/jobs.ts';

function request(rest: Partial<ClaimRequest>): ClaimRequest {
  const cron = rest.cron ?? cronOf();
  return {
    cron,
    settings: CRONTAB_DEFAULTS,
    job: armedAt(NOON, cron),
    occurrence: { at: NOON },
    now: NOON + 1000,
    runId: 'run-1',
    expires: NOON + 15 * MINUTE,
    ...rest,
  };
}

/** The claim, which must not be ignored. */
function claimed(rest: Partial<ClaimRequest>) {
  const result = claim(request(rest));
  if (result.kind === 'ignored') throw new Error(`ignored: ${result.reason}`);
  return result;
}

const running = (at: number, expires = NOON + 15 * MINUTE) => leaseOf(at, expires);

describe('a delivery on time', () => {
  it('runs its planned time and arms the next', () => {
    const { lease, arm, job, logs } = claimed({});
    expect(lease).toEqual({ at: NOON, runId: 'run-1', started: NOON + 1000, expires: NOON + 15 * MINUTE });
    expect(arm).toBe(NOON + HOUR);
    expect(job.armed).toEqual({ at: NOON + HOUR, timing: 'heartbeat|0 * * * *|UTC' });
    expect(job.leases).toEqual([lease]);
    expect(logs).toEqual([]);
  });

  it('that comes a moment early does not arm the same time again', () => {
    expect(claimed({ now: NOON - 20 }).arm).toBe(NOON + HOUR);
  });

  it('arms nothing when no time comes any more', () => {
    const cron = Object.assign(cronOf(), { next: () => undefined });
    const { lease, arm, job } = claimed({ cron, job: armedAt(NOON, cron) });
    expect(lease?.at).toBe(NOON);
    expect(arm).toBeUndefined();
    expect(job.armed).toBeUndefined();
  });

  it('for a time that is still far away is ignored', () => {
    expect(claim(request({ now: NOON - 2 * MINUTE }))).toEqual({
      kind: 'ignored',
      reason: 'its time has not come',
    });
  });

  it.each([
    ['another one is armed later', armedAt(NOON + HOUR, cronOf())],
    ['nothing is armed', newJob('default', 'a')],
  ])('is ignored when %s', (_, job) => {
    expect(claim(request({ job }))).toEqual({
      kind: 'ignored',
      reason: 'it was handled before, or replaced by an edit',
    });
  });

  it('runs a cron whose edit is not synchronised yet with its new settings, and nothing that lies before', () => {
    const job = armedAt(NOON, cronOf({ periodicity: '0 0 * * *' }));
    const { lease, arm, logs } = claimed({
      cron: cronOf({ periodicity: '* * * * *' }),
      job,
      now: NOON + 90_000,
    });
    expect(lease?.at).toBe(NOON);
    expect(arm).toBe(NOON + 2 * MINUTE);
    expect(logs).toEqual([]);
  });
});

describe('a delivery that cannot run', () => {
  it.each([
    [
      'the crontab is off',
      { settings: { ...CRONTAB_DEFAULTS, activated: false } },
      'The crontab is switched off.',
      undefined,
    ],
    ['the cron is off', { cron: cronOf({ activated: false }) }, 'The cron is switched off.', undefined],
  ])('is recorded with the reason when %s', (_, rest, reason, arm) => {
    const result = claimed(rest);
    expect(result.lease).toBeUndefined();
    expect(result.arm).toBe(arm);
    expect(result.job.armed?.at).toBe(arm);
    expect(result.job.logs).toEqual([
      {
        id: String(NOON / 1000),
        at: NOON,
        date: NOON + 1000,
        status: 'NOTRUN',
        why: 'off',
        messages: [reason],
      },
    ]);
    expect(result.logs).toEqual(result.job.logs);
  });
});

describe('planned times that were not delivered', () => {
  const cron = cronOf({ periodicity: '*/10 * * * *' });
  const job = armedAt(NOON, cron);
  const now = NOON + 30 * MINUTE;

  it('are all recorded when the cron was switched off', () => {
    const { logs } = claimed({ cron: new Cron({ ...cron.fields(), activated: false }), job, now });
    expect(logs).toMatchObject([{ at: now, covers: { from: NOON, count: 4 } }]);
  });

  it('are all recorded when the cron was edited: the latest of them runs', () => {
    const { logs, lease, arm } = claimed({ cron: cronOf({ periodicity: '45 * * * *' }), job, now });
    expect(logs).toMatchObject([{ at: NOON + 20 * MINUTE, covers: { from: NOON, count: 3 } }]);
    expect(lease?.at).toBe(now);
    expect(arm).toBe(NOON + 45 * MINUTE);
  });

  it('are the armed one alone when nobody understands any more what it was armed by', () => {
    const old = { ...job, armed: { at: NOON, timing: 'heartbeat|every now and then|UTC' } };
    const { logs, lease } = claimed({ cron, job: old, now });
    expect(logs).toEqual([]);
    expect(lease?.at).toBe(NOON);
  });
});

describe('planned times that were missed', () => {
  const from = NOON - 3 * HOUR;
  const missed = (fields: Partial<CronFields>, late = 1000) => {
    const cron = cronOf(fields);
    return claimed({ cron, job: armedAt(from, cron), now: NOON + late });
  };

  it('run once by default: the latest, and the others are one record', () => {
    const { lease, logs, arm } = missed({});
    expect(lease?.at).toBe(NOON);
    expect(arm).toBe(NOON + HOUR);
    expect(logs).toMatchObject([
      {
        at: NOON - HOUR,
        covers: { from, count: 3 },
        status: 'NOTRUN',
        messages: [
          'Missed: could not start on time; missed is "once", so only the latest runs: 2026-03-02T12:00:00Z.',
        ],
      },
    ]);
  });

  it('under "all" run one after the other, oldest first', () => {
    const { lease, job, logs } = missed({ missed: 'all' });
    expect(lease?.at).toBe(from);
    expect(job.pending).toEqual([{ at: from + HOUR }, { at: from + 2 * HOUR }, { at: NOON }]);
    expect(logs).toEqual([]);
  });

  it('under "all" are at most 100', () => {
    const cron = cronOf({ missed: 'all', periodicity: '* * * * *' });
    const { lease, job, logs } = claimed({ cron, job: armedAt(NOON - 150 * MINUTE, cron) });
    expect(lease?.at).toBe(NOON - 99 * MINUTE);
    expect(job.pending).toHaveLength(99);
    expect(logs).toMatchObject([
      {
        covers: { from: NOON - 150 * MINUTE, count: 51 },
        messages: ['Missed: could not start on time; missed is "all", which makes up for the latest 100.'],
      },
    ]);
  });

  it('under "skip" do not run, but the one on time does', () => {
    const { lease, logs } = missed({ missed: 'skip' });
    expect(lease?.at).toBe(NOON);
    expect(logs).toMatchObject([{ covers: { from, count: 3 } }]);
  });

  it('under "skip" the latest does not run either when it is late', () => {
    const { lease, logs } = missed({ missed: 'skip' }, 6 * MINUTE);
    expect(lease).toBeUndefined();
    expect(logs).toMatchObject([
      {
        at: NOON,
        covers: { from, count: 4 },
        messages: ['Missed: could not start within 5 minutes; missed is "skip".'],
      },
    ]);
  });

  it('never run when they are older than maxLateness', () => {
    const { lease, job, logs } = missed({ missed: 'all', maxLateness: 5400 }, 1000);
    expect(lease?.at).toBe(NOON - HOUR);
    expect(job.pending).toEqual([{ at: NOON }]);
    expect(logs).toMatchObject([
      {
        covers: { from, count: 2 },
        messages: ['Missed: found too late. Nothing older than maxLateness (5400 s) runs.'],
      },
    ]);
  });

  it('that waited until they were too old end with that reason', () => {
    const cron = cronOf({ missed: 'all', maxLateness: 3600 });
    const job = armedAt(NOON + HOUR, cron, { pending: [{ at: NOON - 2 * HOUR }, { at: NOON }] });
    const { lease, logs } = claimed({ cron, job, occurrence: { at: NOON - 2 * HOUR } });
    expect(lease?.at).toBe(NOON);
    expect(logs).toMatchObject([
      { at: NOON - 2 * HOUR, messages: ['Missed: it waited until it was older than maxLateness (3600 s).'] },
    ]);
  });
});

describe('a run in progress', () => {
  const during = (fields: Partial<CronFields>, rest: Partial<Job> = {}) => {
    const cron = cronOf(fields);
    return claimed({ cron, job: armedAt(NOON, cron, { leases: [running(NOON - HOUR)], ...rest }) });
  };

  it('makes the next one not run under "skip"', () => {
    const { lease, logs, arm } = during({});
    expect(lease).toBeUndefined();
    expect(arm).toBe(NOON + HOUR);
    expect(logs).toMatchObject([
      {
        at: NOON,
        messages: ['The run of 2026-03-02T11:00:00Z was still in progress; overlap is "skip".'],
      },
    ]);
  });

  it('makes the next one wait under "buffer"', () => {
    const { lease, job, logs } = during({ overlap: 'buffer' });
    expect(lease).toBeUndefined();
    expect(job.pending).toEqual([{ at: NOON }]);
    expect(logs).toEqual([]);
  });

  it('lets only one wait under "buffer"', () => {
    const { job, logs } = during({ overlap: 'buffer' }, { pending: [{ at: NOON - MINUTE }] });
    expect(job.pending).toEqual([{ at: NOON - MINUTE }]);
    expect(logs).toMatchObject([
      {
        at: NOON,
        messages: [
          'The run of 2026-03-02T11:00:00Z was still in progress and another one waits; overlap is "buffer", which keeps one.',
        ],
      },
    ]);
  });

  it('does not hinder the next one under "allow"', () => {
    const { lease, job } = during({ overlap: 'allow' });
    expect(lease?.at).toBe(NOON);
    expect(job.leases).toHaveLength(2);
  });

  it('that holds an expired lease is recorded as dead and hinders nothing', () => {
    const { lease, logs, job } = during({}, { leases: [running(NOON - HOUR, NOON)] });
    expect(lease?.at).toBe(NOON);
    expect(job.leases).toEqual([lease]);
    expect(logs).toMatchObject([
      {
        at: NOON - HOUR,
        status: 'FAILURE',
        runId: 'run-0',
        messages: [
          'The run ended without a word before 2026-03-02T12:00:00Z: its process died or was stopped. It is not repeated.',
        ],
      },
    ]);
  });

  it('keeps what waits waiting', () => {
    const cron = cronOf({ overlap: 'buffer' });
    const job = armedAt(NOON + HOUR, cron, { leases: [running(NOON - HOUR)], pending: [{ at: NOON }] });
    expect(claim(request({ cron, job }))).toEqual({
      kind: 'ignored',
      reason: 'it waits until the run in progress has ended',
    });
  });
});

describe('what waits', () => {
  it('gets its turn beside runs that may overlap, one after the other', () => {
    const cron = cronOf({ overlap: 'allow', missed: 'all' });
    const pending = [{ at: NOON - 2 * HOUR }, { at: NOON - HOUR }];
    const job = armedAt(NOON + HOUR, cron, { leases: [running(NOON)], pending });
    const first = claimed({ cron, job, occurrence: { at: NOON - 2 * HOUR } });
    expect(first.lease?.at).toBe(NOON - 2 * HOUR);
    expect(first.job.pending).toEqual([{ at: NOON - HOUR }]);
    expect(first.job.leases).toHaveLength(2);
    expect(claim(request({ cron, job: first.job, occurrence: { at: NOON - HOUR } }))).toEqual({
      kind: 'ignored',
      reason: 'it waits until the run in progress has ended',
    });
  });

  it('does not start beside a run in progress when what is delivered does not run any more', () => {
    for (const overlap of ['skip', 'buffer'] as const) {
      const cron = cronOf({ overlap, maxLateness: 60 });
      const pending = [{ at: NOON + 4 * MINUTE, forced: 'by-hand' }];
      const job = armedAt(NOON, cron, { leases: [running(NOON + 3 * MINUTE)], pending });
      const { lease, job: after, logs } = claimed({ cron, job, now: NOON + 5 * MINUTE });
      expect(lease).toBeUndefined();
      expect(after.pending).toEqual(pending);
      expect(logs).toMatchObject([{ at: NOON, why: 'missed' }]);
    }
  });

  it('does not run any more when an edit wants nothing missed to run', () => {
    const cron = cronOf({ missed: 'skip' });
    const job = armedAt(NOON + HOUR, cron, { pending: [{ at: NOON - HOUR }, { at: NOON }] });
    const { lease, logs } = claimed({ cron, job, occurrence: { at: NOON - HOUR } });
    expect(lease?.at).toBe(NOON);
    expect(logs).toMatchObject([
      { at: NOON - HOUR, messages: ['Missed: could not start within 5 minutes; missed is "skip".'] },
    ]);
  });

  it('runs right after the run in progress under "buffer", however long that took, whatever is missed', () => {
    const cron = cronOf({ missed: 'skip', overlap: 'buffer' });
    const job = armedAt(NOON + HOUR, cron, { pending: [{ at: NOON - HOUR }] });
    expect(claimed({ cron, job, occurrence: { at: NOON - HOUR } }).lease?.at).toBe(NOON - HOUR);
  });

  it('runs oldest first, whichever is delivered, and leaves the timer alone', () => {
    const job = armedAt(NOON + HOUR, cronOf(), { pending: [{ at: NOON - HOUR }, { at: NOON }] });
    const { lease, arm, job: after } = claimed({ job });
    expect(lease?.at).toBe(NOON - HOUR);
    expect(arm).toBeUndefined();
    expect(after.pending).toEqual([{ at: NOON }]);
    expect(after.armed?.at).toBe(NOON + HOUR);
  });
});

describe('a forced run', () => {
  const occurrence = { at: NOON + 5000, forced: 'by-hand' };
  const later = (rest: Partial<Job> = {}) => armedAt(NOON + HOUR, cronOf(), rest);

  it('that is delivered too late is recorded and does not run: it may have run, and its log be gone', () => {
    const late = { occurrence, job: newJob('default', 'a') };
    expect(claimed({ ...late, now: occurrence.at + 5 * MINUTE }).lease).toMatchObject(occurrence);
    const { lease, arm, logs, job } = claimed({ ...late, now: occurrence.at + 5 * MINUTE + 1 });
    expect({ lease, arm }).toEqual({});
    expect(logs).toMatchObject([
      {
        runId: 'by-hand',
        status: 'NOTRUN',
        messages: [
          'It was delivered more than 5 minutes after it was asked for. If it has not run, ask for it again.',
        ],
      },
    ]);
    expect(job.logs).toEqual(logs);
  });

  it('runs now and leaves the regular schedule as it is', () => {
    const { lease, arm, job } = claimed({ job: later(), occurrence });
    expect(lease).toMatchObject({ ...occurrence, runId: 'by-hand' });
    expect(arm).toBeUndefined();
    expect(job.armed?.at).toBe(NOON + HOUR);
  });

  it('goes before what waits', () => {
    const { lease, job } = claimed({ job: later({ pending: [{ at: NOON }] }), occurrence });
    expect(lease?.runId).toBe('by-hand');
    expect(job.pending).toEqual([{ at: NOON }]);
  });

  it('runs once, however often it is delivered', () => {
    const first = claimed({ job: later(), occurrence });
    const reason = 'this forced run was handled before';
    expect(claim(request({ job: first.job, occurrence }))).toEqual({ kind: 'ignored', reason });
    const ended = { ...notRunBy('by-hand'), status: 'OK' } as const;
    expect(claim(request({ job: later({ logs: [ended] }), occurrence }))).toEqual({
      kind: 'ignored',
      reason,
    });
  });

  it('runs once, also when its log has gone before it is delivered again', () => {
    const first = claimed({ job: later(), occurrence });
    const forgotten = { ...first.job, leases: [], logs: [] };
    const again = request({ job: forgotten, occurrence, now: occurrence.at + 4 * MINUTE });
    expect(claim(again)).toEqual({ kind: 'ignored', reason: 'this forced run was handled before' });
  });

  it('is remembered as long as a repetition of it could run, and no longer', () => {
    const early = { at: NOON - 6 * MINUTE, forced: 'long-ago' };
    const recent = { at: NOON - 4 * MINUTE, forced: 'just-now' };
    const { job } = claimed({ job: later({ asked: [early, recent] }), occurrence });
    expect(job.asked).toEqual([recent, occurrence]);
  });

  it('respects the overlap policy, and its record has its id', () => {
    const { lease, logs } = claimed({ job: later({ leases: [running(NOON)] }), occurrence });
    expect(lease).toBeUndefined();
    expect(logs).toMatchObject([
      { id: `${(NOON + 5000) / 1000}-by-hand`, runId: 'by-hand', status: 'NOTRUN' },
    ]);
  });

  it('of a cron that is off says so and keeps what waits', () => {
    const cron = cronOf({ activated: false });
    const { logs, job } = claimed({ cron, job: later({ pending: [{ at: NOON }] }), occurrence });
    expect(logs).toMatchObject([{ runId: 'by-hand', messages: ['The cron is switched off.'] }]);
    expect(job.pending).toEqual([{ at: NOON }]);
  });

  function notRunBy(runId: string) {
    return { id: 'x', at: NOON, date: NOON, status: 'NOTRUN' as const, messages: [], runId };
  }
});
