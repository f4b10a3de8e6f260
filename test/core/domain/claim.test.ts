import { describe, expect, it } from 'vitest';
import { type ClaimRequest, claim, IGNORED } from '../../../lib/core/domain/claim.ts';
import { Cron, type CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { type Job, newJob } from '../../../lib/core/domain/job.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';

function request(rest: Partial<ClaimRequest>): ClaimRequest {
  const cron = rest.cron ?? cronOf();
  return {
    cron,
    settings: CRONTAB_DEFAULTS,
    job: armedAt(NOON, cron),
    occurrence: { plannedAt: NOON },
    now: NOON + 1000,
    runId: 'run-1',
    expiresAt: NOON + 15 * MINUTE,
    ...rest,
  };
}

/** Returns the claim. Throws when the delivery is ignored. */
function claimed(rest: Partial<ClaimRequest>) {
  const result = claim(request(rest));
  if (result.kind === 'ignored') throw new Error(`ignored: ${result.reason}`);
  return result;
}

const running = (plannedAt: number, expiresAt = NOON + 15 * MINUTE) => leaseOf(plannedAt, expiresAt);

describe('claim of a planned occurrence', () => {
  it('A delivery on time starts its occurrence and arms the next one', () => {
    const { lease, arm, job, logs } = claimed({});
    expect(lease).toEqual({
      plannedAt: NOON,
      runId: 'run-1',
      startedAt: NOON + 1000,
      expiresAt: NOON + 15 * MINUTE,
    });
    expect(arm).toBe(NOON + HOUR);
    expect(job.armed).toEqual({ plannedAt: NOON + HOUR, timing: 'heartbeat|0 * * * *|UTC' });
    expect(job.leases).toEqual([lease]);
    expect(logs).toEqual([]);
  });

  it('A delivery that comes a moment early does not arm the same time again', () => {
    expect(claimed({ now: NOON - 20 }).arm).toBe(NOON + HOUR);
  });

  it('A delivery arms nothing when the schedule has no further time', () => {
    const cron = Object.assign(cronOf(), { next: () => undefined });
    const { lease, arm, job } = claimed({ cron, job: armedAt(NOON, cron) });
    expect(lease?.plannedAt).toBe(NOON);
    expect(arm).toBeUndefined();
    expect(job.armed).toBeUndefined();
  });

  it('A delivery that comes far too early is ignored', () => {
    expect(claim(request({ now: NOON - 2 * MINUTE }))).toEqual({ kind: 'ignored', reason: IGNORED.early });
  });

  it.each([
    ['a later time is armed', armedAt(NOON + HOUR, cronOf())],
    ['nothing is armed', newJob('default', 'a')],
  ])('A delivery is ignored when %s', (_, job) => {
    expect(claim(request({ job }))).toEqual({ kind: 'ignored', reason: IGNORED.handled });
  });

  it('A delivery that arrives before the sync of an edit runs with the new definition and skips earlier times of it', () => {
    const job = armedAt(NOON, cronOf({ periodicity: '0 0 * * *' }));
    const { lease, arm, logs } = claimed({
      cron: cronOf({ periodicity: '* * * * *' }),
      job,
      now: NOON + 90_000,
    });
    expect(lease?.plannedAt).toBe(NOON);
    expect(arm).toBe(NOON + 2 * MINUTE);
    expect(logs).toEqual([]);
  });
});

describe('claim of a cron that is off', () => {
  it.each([
    ['the crontab is off', { settings: { ...CRONTAB_DEFAULTS, activated: false } }],
    ['the cron is off', { cron: cronOf({ activated: false }) }],
  ])('A delivery becomes a NOTRUN record when %s', (_, rest) => {
    const result = claimed(rest);
    expect(result.lease).toBeUndefined();
    expect(result.arm).toBeUndefined();
    expect(result.job.armed).toBeUndefined();
    expect(result.job.logs).toEqual([
      {
        id: String(NOON / 1000),
        plannedAt: NOON,
        date: NOON + 1000,
        status: 'NOTRUN',
        reason: 'off',
        messages: [expect.any(String)],
      },
    ]);
    expect(result.logs).toEqual(result.job.logs);
  });
});

describe('claim of planned times that were not delivered', () => {
  const cron = cronOf({ periodicity: '*/10 * * * *' });
  const job = armedAt(NOON, cron);
  const now = NOON + 30 * MINUTE;

  it('One record covers all undelivered times of a cron that was switched off', () => {
    const { logs } = claimed({ cron: new Cron({ ...cron.fields(), activated: false }), job, now });
    expect(logs).toMatchObject([{ plannedAt: now, covers: { from: NOON, count: 4 } }]);
  });

  it('The latest undelivered time of an edited cron runs, and one record covers the earlier ones', () => {
    const { logs, lease, arm } = claimed({ cron: cronOf({ periodicity: '45 * * * *' }), job, now });
    expect(logs).toMatchObject([{ plannedAt: NOON + 20 * MINUTE, covers: { from: NOON, count: 3 } }]);
    expect(lease?.plannedAt).toBe(now);
    expect(arm).toBe(NOON + 45 * MINUTE);
  });

  it('Only the armed time is due when the armed timing can no longer be parsed', () => {
    const old = { ...job, armed: { plannedAt: NOON, timing: 'heartbeat|every now and then|UTC' } };
    const { logs, lease } = claimed({ cron, job: old, now });
    expect(logs).toEqual([]);
    expect(lease?.plannedAt).toBe(NOON);
  });
});

describe('claim under each missed policy', () => {
  const from = NOON - 3 * HOUR;
  const missed = (fields: Partial<CronFields>, late = 1000) => {
    const cron = cronOf(fields);
    return claimed({ cron, job: armedAt(from, cron), now: NOON + late });
  };

  it('The policy "once" runs the latest missed time and records the others together', () => {
    const { lease, logs, arm } = missed({});
    expect(lease?.plannedAt).toBe(NOON);
    expect(arm).toBe(NOON + HOUR);
    expect(logs).toMatchObject([
      {
        plannedAt: NOON - HOUR,
        covers: { from, count: 3 },
        status: 'NOTRUN',
        reason: 'missed',
        messages: [expect.stringContaining(iso(NOON))],
      },
    ]);
  });

  it('The policy "all" runs the missed times one after the other, oldest first', () => {
    const { lease, job, logs } = missed({ missed: 'all' });
    expect(lease?.plannedAt).toBe(from);
    expect(job.pending).toEqual([
      { plannedAt: from + HOUR },
      { plannedAt: from + 2 * HOUR },
      { plannedAt: NOON },
    ]);
    expect(logs).toEqual([]);
  });

  it('The policy "all" catches up on at most 100 missed times', () => {
    const cron = cronOf({ missed: 'all', periodicity: '* * * * *' });
    const { lease, job, logs } = claimed({ cron, job: armedAt(NOON - 150 * MINUTE, cron) });
    expect(lease?.plannedAt).toBe(NOON - 99 * MINUTE);
    expect(job.pending).toHaveLength(99);
    expect(logs).toMatchObject([
      {
        covers: { from: NOON - 150 * MINUTE, count: 51 },
        reason: 'missed',
        messages: [expect.stringMatching(/"all".*\b100\b/)],
      },
    ]);
  });

  it('The policy "skip" runs the time that is on time and none of the missed ones', () => {
    const { lease, logs } = missed({ missed: 'skip' });
    expect(lease?.plannedAt).toBe(NOON);
    expect(logs).toMatchObject([{ covers: { from, count: 3 } }]);
  });

  it('The policy "skip" does not run the latest time either when it is late', () => {
    const { lease, logs } = missed({ missed: 'skip' }, 6 * MINUTE);
    expect(lease).toBeUndefined();
    expect(logs).toMatchObject([
      {
        plannedAt: NOON,
        covers: { from, count: 4 },
        reason: 'missed',
        messages: [expect.stringContaining('"skip"')],
      },
    ]);
  });

  it('Missed times that are older than maxLateness never run', () => {
    const { lease, job, logs } = missed({ missed: 'all', maxLateness: 5400 }, 1000);
    expect(lease?.plannedAt).toBe(NOON - HOUR);
    expect(job.pending).toEqual([{ plannedAt: NOON }]);
    expect(logs).toMatchObject([
      {
        covers: { from, count: 2 },
        reason: 'missed',
        messages: [expect.stringMatching(/maxLateness.*\b5400\b/)],
      },
    ]);
  });

  it('A pending time that became older than maxLateness does not run', () => {
    const cron = cronOf({ missed: 'all', maxLateness: 3600 });
    const job = armedAt(NOON + HOUR, cron, {
      pending: [{ plannedAt: NOON - 2 * HOUR }, { plannedAt: NOON }],
    });
    const { lease, logs } = claimed({ cron, job, occurrence: { plannedAt: NOON - 2 * HOUR } });
    expect(lease?.plannedAt).toBe(NOON);
    expect(logs).toMatchObject([
      {
        plannedAt: NOON - 2 * HOUR,
        reason: 'missed',
        messages: [expect.stringMatching(/maxLateness.*\b3600\b/)],
      },
    ]);
  });
});

describe('claim during a run in progress', () => {
  const during = (fields: Partial<CronFields>, rest: Partial<Job> = {}) => {
    const cron = cronOf(fields);
    return claimed({ cron, job: armedAt(NOON, cron, { leases: [running(NOON - HOUR)], ...rest }) });
  };

  it('The policy "skip" does not run the next occurrence', () => {
    const { lease, logs, arm } = during({});
    expect(lease).toBeUndefined();
    expect(arm).toBe(NOON + HOUR);
    expect(logs).toMatchObject([
      { plannedAt: NOON, reason: 'overlap', messages: [expect.stringContaining('"skip"')] },
    ]);
  });

  it('The policy "buffer" lets the next occurrence wait', () => {
    const { lease, job, logs } = during({ overlap: 'buffer' });
    expect(lease).toBeUndefined();
    expect(job.pending).toEqual([{ plannedAt: NOON }]);
    expect(logs).toEqual([]);
  });

  it('The policy "buffer" lets only one occurrence wait', () => {
    const { job, logs } = during({ overlap: 'buffer' }, { pending: [{ plannedAt: NOON - MINUTE }] });
    expect(job.pending).toEqual([{ plannedAt: NOON - MINUTE }]);
    expect(logs).toMatchObject([
      { plannedAt: NOON, reason: 'overlap', messages: [expect.stringContaining('"buffer"')] },
    ]);
  });

  it('The policy "allow" starts the next occurrence beside the run', () => {
    const { lease, job } = during({ overlap: 'allow' });
    expect(lease?.plannedAt).toBe(NOON);
    expect(job.leases).toHaveLength(2);
  });

  it('A run whose lease has expired is recorded as died and no longer blocks the next one', () => {
    const { lease, logs, job } = during({}, { leases: [running(NOON - HOUR, NOON)] });
    expect(lease?.plannedAt).toBe(NOON);
    expect(job.leases).toEqual([lease]);
    expect(logs).toMatchObject([
      {
        plannedAt: NOON - HOUR,
        status: 'FAILURE',
        runId: 'run-0',
        reason: 'died',
      },
    ]);
  });

  it('The delivery of a pending occurrence is ignored', () => {
    const cron = cronOf({ overlap: 'buffer' });
    const job = armedAt(NOON + HOUR, cron, {
      leases: [running(NOON - HOUR)],
      pending: [{ plannedAt: NOON }],
    });
    expect(claim(request({ cron, job }))).toEqual({
      kind: 'ignored',
      reason: IGNORED.waiting,
    });
  });
});

describe('claim of pending occurrences', () => {
  it('Pending occurrences start beside runs that may overlap, but one after the other', () => {
    const cron = cronOf({ overlap: 'allow', missed: 'all' });
    const pending = [{ plannedAt: NOON - 2 * HOUR }, { plannedAt: NOON - HOUR }];
    const job = armedAt(NOON + HOUR, cron, { leases: [running(NOON)], pending });
    const first = claimed({ cron, job, occurrence: { plannedAt: NOON - 2 * HOUR } });
    expect(first.lease?.plannedAt).toBe(NOON - 2 * HOUR);
    expect(first.job.pending).toEqual([{ plannedAt: NOON - HOUR }]);
    expect(first.job.leases).toHaveLength(2);
    expect(claim(request({ cron, job: first.job, occurrence: { plannedAt: NOON - HOUR } }))).toEqual({
      kind: 'ignored',
      reason: IGNORED.waiting,
    });
  });

  it('A pending occurrence does not start beside a run in progress when the delivered one is too late to run', () => {
    for (const overlap of ['skip', 'buffer'] as const) {
      const cron = cronOf({ overlap, maxLateness: 60 });
      const pending = [{ plannedAt: NOON + 4 * MINUTE, forced: 'by-hand' }];
      const job = armedAt(NOON, cron, { leases: [running(NOON + 3 * MINUTE)], pending });
      const { lease, job: after, logs } = claimed({ cron, job, now: NOON + 5 * MINUTE });
      expect(lease).toBeUndefined();
      expect(after.pending).toEqual(pending);
      expect(logs).toMatchObject([{ plannedAt: NOON, reason: 'missed' }]);
    }
  });

  it('A pending occurrence does not run after an edit to missed "skip"', () => {
    const cron = cronOf({ missed: 'skip' });
    const job = armedAt(NOON + HOUR, cron, { pending: [{ plannedAt: NOON - HOUR }, { plannedAt: NOON }] });
    const { lease, logs } = claimed({ cron, job, occurrence: { plannedAt: NOON - HOUR } });
    expect(lease?.plannedAt).toBe(NOON);
    expect(logs).toMatchObject([
      { plannedAt: NOON - HOUR, reason: 'missed', messages: [expect.stringContaining('"skip"')] },
    ]);
  });

  it('A buffered occurrence runs after the run in progress, however long that took, even with missed "skip"', () => {
    const cron = cronOf({ missed: 'skip', overlap: 'buffer' });
    const job = armedAt(NOON + HOUR, cron, { pending: [{ plannedAt: NOON - HOUR }] });
    expect(claimed({ cron, job, occurrence: { plannedAt: NOON - HOUR } }).lease?.plannedAt).toBe(NOON - HOUR);
  });

  it('The oldest pending occurrence runs first, whichever is delivered, and the timer stays', () => {
    const job = armedAt(NOON + HOUR, cronOf(), {
      pending: [{ plannedAt: NOON - HOUR }, { plannedAt: NOON }],
    });
    const { lease, arm, job: after } = claimed({ job });
    expect(lease?.plannedAt).toBe(NOON - HOUR);
    expect(arm).toBeUndefined();
    expect(after.pending).toEqual([{ plannedAt: NOON }]);
    expect(after.armed?.plannedAt).toBe(NOON + HOUR);
  });
});

describe('claim of a forced run', () => {
  const occurrence = { plannedAt: NOON + 5000, forced: 'by-hand' };
  const later = (rest: Partial<Job> = {}) => armedAt(NOON + HOUR, cronOf(), rest);

  it('A forced run that is delivered too late does not run, because it may have run before', () => {
    const late = { occurrence, job: newJob('default', 'a') };
    expect(claimed({ ...late, now: occurrence.plannedAt + 5 * MINUTE }).lease).toMatchObject(occurrence);
    const { lease, arm, logs, job } = claimed({ ...late, now: occurrence.plannedAt + 5 * MINUTE + 1 });
    expect({ lease, arm }).toEqual({});
    expect(logs).toMatchObject([
      {
        runId: 'by-hand',
        status: 'NOTRUN',
        reason: 'missed',
      },
    ]);
    expect(job.logs).toEqual(logs);
  });

  it('A forced run starts now and leaves the regular schedule unchanged', () => {
    const { lease, arm, job } = claimed({ job: later(), occurrence });
    expect(lease).toMatchObject({ ...occurrence, runId: 'by-hand' });
    expect(arm).toBeUndefined();
    expect(job.armed?.plannedAt).toBe(NOON + HOUR);
  });

  it('A forced run starts before pending occurrences', () => {
    const { lease, job } = claimed({ job: later({ pending: [{ plannedAt: NOON }] }), occurrence });
    expect(lease?.runId).toBe('by-hand');
    expect(job.pending).toEqual([{ plannedAt: NOON }]);
  });

  it('A forced run starts once, however often it is delivered', () => {
    const first = claimed({ job: later(), occurrence });
    const reason = IGNORED.repeated;
    expect(claim(request({ job: first.job, occurrence }))).toEqual({ kind: 'ignored', reason });
    const ended = { ...notRunBy('by-hand'), status: 'OK' } as const;
    expect(claim(request({ job: later({ logs: [ended] }), occurrence }))).toEqual({
      kind: 'ignored',
      reason,
    });
  });

  it('A forced run starts once even if its run record is gone at the second delivery', () => {
    const first = claimed({ job: later(), occurrence });
    const forgotten = { ...first.job, leases: [], logs: [] };
    const again = request({ job: forgotten, occurrence, now: occurrence.plannedAt + 4 * MINUTE });
    expect(claim(again)).toEqual({ kind: 'ignored', reason: IGNORED.repeated });
  });

  it('The job remembers a forced run only as long as a repeated delivery could start it', () => {
    const early = { plannedAt: NOON - 6 * MINUTE, forced: 'long-ago' };
    const recent = { plannedAt: NOON - 4 * MINUTE, forced: 'just-now' };
    const { job } = claimed({ job: later({ recentForced: [early, recent] }), occurrence });
    expect(job.recentForced).toEqual([recent, occurrence]);
  });

  it('A forced run respects the overlap policy, and its record has its run id', () => {
    const { lease, logs } = claimed({ job: later({ leases: [running(NOON)] }), occurrence });
    expect(lease).toBeUndefined();
    expect(logs).toMatchObject([
      { id: `${(NOON + 5000) / 1000}-by-hand`, runId: 'by-hand', status: 'NOTRUN' },
    ]);
  });

  it('A forced run of a cron that is off becomes a NOTRUN record, and pending occurrences stay', () => {
    const cron = cronOf({ activated: false });
    const { logs, job } = claimed({ cron, job: later({ pending: [{ plannedAt: NOON }] }), occurrence });
    expect(logs).toMatchObject([{ runId: 'by-hand', status: 'NOTRUN', reason: 'off' }]);
    expect(job.pending).toEqual([{ plannedAt: NOON }]);
  });

  function notRunBy(runId: string) {
    return { id: 'x', plannedAt: NOON, date: NOON, status: 'NOTRUN' as const, messages: [], runId };
  }
});
