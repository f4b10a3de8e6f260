import { describe, expect, it } from 'vitest';
import { type Claimed, type ClaimRequest, claim } from '../../../lib/core/domain/claim.ts';
import { Cron, type CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { type Job, type Lease, newJob } from '../../../lib/core/domain/job.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NeverAgain, NOON } from '../../support/jobs.ts';

const EXECUTION = {
  runId: 'run-1',
  holder: 'holder-1',
  deliveredAt: NOON + 500,
  expiresAt: NOON + 15 * MINUTE,
  definitionVersion: 3,
};

function request(rest: Partial<ClaimRequest>): ClaimRequest {
  const cron = rest.cron ?? cronOf();
  return {
    cron,
    settings: CRONTAB_DEFAULTS,
    job: armedAt(NOON, cron),
    occurrence: { plannedAt: NOON },
    now: NOON + 1000,
    editedAt: rest.now ?? NOON,
    execution: EXECUTION,
    ...rest,
  };
}

/** Returns the claim. Throws if the delivery is ignored. */
function claimed(rest: Partial<ClaimRequest>): Claimed {
  const result = claim(request(rest));
  if (result.kind !== 'claimed') throw new Error(JSON.stringify(result));
  return result;
}

/** A lease of a run in progress, claimed on time. */
const running = (plannedAt: number, expiresAt = NOON + 15 * MINUTE): Lease => leaseOf(plannedAt, expiresAt);

/** A job that is busy with the run of that planned time. */
const busyWith = (plannedAt: number, rest: Partial<Job> = {}): Partial<Job> => ({
  leases: [running(plannedAt)],
  busySince: plannedAt,
  ...rest,
});

/** As many runs in progress as are possible at once. */
const crowd = (): Lease[] => Array.from({ length: 5 }, () => running(NOON));

describe('claim of a planned occurrence', () => {
  it('A delivery on time starts its occurrence and arms the next one', () => {
    const { lease, arm, job, records } = claimed({});
    expect(lease).toEqual({ plannedAt: NOON, claimedAt: NOON + 1000, ...EXECUTION });
    expect(arm).toBe(NOON + HOUR);
    expect(job).toMatchObject({
      armedAt: NOON + HOUR,
      timing: '0 * * * *|UTC',
      leases: [lease],
      busySince: NOON + 1000,
      decidedUntil: NOON,
    });
    expect(records).toEqual([]);
  });

  it('A delivery that comes a moment early does not arm the same time again', () => {
    expect(claimed({ now: NOON - 20 }).arm).toBe(NOON + HOUR);
  });

  it('A delivery arms nothing if the schedule has no further time', () => {
    const cron = new NeverAgain(cronOf().fields());
    const { lease, arm, job } = claimed({ cron, job: armedAt(NOON, cron) });
    expect(lease?.plannedAt).toBe(NOON);
    expect(arm).toBeUndefined();
    expect(job.armedAt).toBeUndefined();
  });

  it('A time does not wait behind 500 others', () => {
    const cron = cronOf({ periodicity: '* * * * *', overlap: 'allow', missed: 'all', maxLateness: 86_400 });
    const waiting = { from: NOON - 500 * MINUTE, to: NOON - MINUTE };
    const job = { ...armedAt(NOON, cron), waiting, leases: crowd(), busySince: waiting.from };
    const { job: after, records } = claimed({ cron, job });
    expect(after.waiting).toEqual(waiting);
    expect(records).toMatchObject([{ plannedAt: NOON, reason: 'overlap' }]);
  });

  it('A delivery that comes more than a minute early is ignored', () => {
    expect(claim(request({ now: NOON - MINUTE }))).toMatchObject({ kind: 'claimed' });
    expect(claim(request({ now: NOON - MINUTE - 1 }))).toEqual({
      kind: 'ignored',
      reason: 'its time has not come',
    });
  });

  it.each([
    ['a later time is armed', armedAt(NOON + HOUR, cronOf())],
    ['nothing is armed', newJob('default', 'a')],
  ])('A delivery is ignored if %s', (_, job) => {
    expect(claim(request({ job }))).toEqual({
      kind: 'ignored',
      reason: 'it was handled before, or replaced by an edit',
    });
  });

  it('An execution never resumes the lease of another execution of the same request', () => {
    const lease = { ...running(NOON), runId: EXECUTION.runId, holder: 'other' };
    const job = armedAt(NOON + HOUR, cronOf(), { leases: [lease] });
    expect(claim(request({ job }))).toMatchObject({ kind: 'ignored' });
  });

  it('A delivery that arrives before the sync of an edit runs with the new definition', () => {
    const job = armedAt(NOON, cronOf({ periodicity: '0 0 * * *' }));
    const cron = cronOf({ periodicity: '* * * * *' });
    const { lease, arm, job: after, records } = claimed({ cron, job, now: NOON + 90_000 });
    expect(lease?.plannedAt).toBe(NOON);
    expect(arm).toBe(NOON + 2 * MINUTE);
    expect(after.timing).toBe('* * * * *|UTC');
    expect(records).toEqual([]);
  });

  it('A claim never arms a time that was decided before, even if the clock was set back', () => {
    const job = armedAt(NOON, cronOf(), { decidedUntil: NOON - HOUR });
    const { job: after, arm } = claimed({ job, now: NOON - 30_000 });
    expect([after.decidedUntil, arm]).toEqual([NOON, NOON + HOUR]);
    const other = { ...EXECUTION, holder: 'holder-2' };
    expect(claim(request({ job: after, now: NOON - 30_000, execution: other })).kind).toBe('ignored');
  });

  it('A claim forgets the redeliveries before it', () => {
    const job = armedAt(NOON, cronOf(), { redelivery: { at: NOON, count: 3 } });
    expect(claimed({ job }).job.redelivery).toBeUndefined();
  });
});

describe('claim of a cron that is off', () => {
  it.each([
    ['the crontab is off', { settings: { ...CRONTAB_DEFAULTS, activated: false } }],
    ['the cron is off', { cron: cronOf({ activated: false }) }],
  ])('A delivery becomes a NOTRUN record if %s', (_, rest) => {
    const result = claimed(rest);
    expect(result.lease).toBeUndefined();
    expect(result.arm).toBeUndefined();
    expect(result.job).toMatchObject({ armedAt: undefined, decidedUntil: NOON });
    expect(result.job.summary).toMatchObject({ statuses: 'N', runs: 0 });
    expect(result.records).toEqual([
      {
        site: 'default',
        uid: 'a',
        runner: 'heartbeat',
        plannedAt: NOON,
        status: 'NOTRUN',
        reason: 'off',
        messages: [expect.any(String)],
        endedAt: NOON + 1000,
      },
    ]);
  });

  it('Waiting occurrences end with their own records if the cron is off', () => {
    const cron = cronOf({ activated: false });
    const forced = { plannedAt: NOON - MINUTE, forced: 'by-hand', requestedBy: 'ann' };
    const waiting = { waiting: { from: NOON - 2 * HOUR, to: NOON - HOUR }, waitingForced: [forced] };
    const job = armedAt(NOON, cron, { ...waiting, busySince: NOON - HOUR });
    const { job: after, records } = claimed({ cron, job });
    expect(records).toMatchObject([
      { plannedAt: NOON - HOUR, covers: { from: NOON - 2 * HOUR, count: 2 }, reason: 'off' },
      { plannedAt: NOON, reason: 'off' },
      { ...forced, reason: 'off' },
    ]);
    expect(after).toMatchObject({ waiting: undefined, waitingForced: [], busySince: undefined });
  });

  it('The delivery of a waiting occurrence drops what waits if the cron is off', () => {
    const cron = cronOf({ activated: false });
    const job = armedAt(NOON + HOUR, cron, { waiting: { from: NOON, to: NOON } });
    const { lease, records, job: after } = claimed({ cron, job });
    expect(lease).toBeUndefined();
    expect(records).toMatchObject([{ plannedAt: NOON, reason: 'off' }]);
    expect(after.waiting).toBeUndefined();
  });
});

describe('claim of a request that holds although the cron is off', () => {
  const cron = cronOf({ activated: false, overlap: 'buffer' });
  const evenOff = { plannedAt: NOON, forced: 'by-hand', evenOff: true } as const;

  it('It runs, and nothing is armed', () => {
    const { job, lease, records, arm } = claimed({ cron, job: newJob('default', 'a'), occurrence: evenOff });
    expect(lease).toMatchObject({ runId: 'by-hand', evenOff: true });
    expect([job.armedAt, arm, records]).toEqual([undefined, undefined, []]);
  });

  it('It waits behind a run in progress, and starts when that has ended, beside a record of the other requests', () => {
    const { job } = claimed({
      cron,
      job: {
        ...newJob('default', 'a'),
        token: 't',
        leases: [running(NOON - MINUTE)],
        busySince: NOON - MINUTE,
      },
      occurrence: evenOff,
    });
    expect(job.waitingForced).toEqual([evenOff]);
    const other = { plannedAt: NOON - MINUTE, forced: 'other' };
    const next = claimed({
      cron,
      job: { ...job, leases: [], waitingForced: [other, evenOff] },
      occurrence: evenOff,
    });
    expect(next.lease).toMatchObject(evenOff);
    expect(next.records).toMatchObject([{ ...other, reason: 'off' }]);
  });
});

describe('claim of planned times that were not delivered', () => {
  const cron = cronOf({ periodicity: '*/10 * * * *' });
  const job = armedAt(NOON, cron);
  const now = NOON + 30 * MINUTE;

  it('One record covers all undelivered times of a cron that was switched off', () => {
    const { records } = claimed({ cron: new Cron({ ...cron.fields(), activated: false }), job, now });
    expect(records).toMatchObject([{ plannedAt: now, covers: { from: NOON, count: 4 } }]);
  });

  it('Undelivered times that an edited cron no longer has do not run, and one record covers them', () => {
    const { records, lease, arm } = claimed({ cron: cronOf({ periodicity: '45 * * * *' }), job, now });
    expect(records).toMatchObject([{ plannedAt: now, covers: { from: NOON, count: 4 }, reason: 'edited' }]);
    expect(lease).toBeUndefined();
    expect(arm).toBe(NOON + 45 * MINUTE);
  });

  it('Of the times that an edited cron no longer has, only those that were planned before the edit are recorded', () => {
    const daily = cronOf({ periodicity: '0 5 * * *' });
    const edited = (editedAt: number, rest = {}) => claimed({ cron: daily, job, now, editedAt, ...rest });
    expect(edited(NOON + 15 * MINUTE).records).toMatchObject([
      { plannedAt: NOON + 10 * MINUTE, covers: { from: NOON, count: 2 }, reason: 'edited' },
    ]);
    const { records, job: after } = edited(NOON - 1);
    expect(records).toEqual([]);
    expect(after.decidedUntil).toBe(now);
    const hourly = cronOf({ periodicity: '20 * * * *' });
    expect(edited(NOON + 25 * MINUTE, { cron: hourly }).records).not.toContainEqual(
      expect.objectContaining({ reason: 'edited' }),
    );
  });

  it('Of more times than can be counted, those before an edit are recorded although the latest ones come after it', () => {
    const everyMinute = cronOf({ periodicity: '* * * * *' });
    const from = NOON - 3000 * MINUTE;
    const editedAt = from + 1.5 * MINUTE;
    const daily = cronOf({ periodicity: '0 5 1 1 *' });
    const { records } = claimed({ cron: daily, job: armedAt(from, everyMinute), editedAt });
    expect(records).toMatchObject([
      { plannedAt: from + MINUTE, covers: { from, count: 2 }, reason: 'edited' },
    ]);
  });

  it('The latest undelivered time that an edited cron still has runs', () => {
    const { records, lease } = claimed({ cron: cronOf({ periodicity: '20 * * * *' }), job, now });
    expect(lease?.plannedAt).toBe(NOON + 20 * MINUTE);
    expect(records).toMatchObject([
      { plannedAt: NOON + 10 * MINUTE, covers: { from: NOON, count: 2 }, reason: 'missed' },
      { plannedAt: now, reason: 'edited' },
    ]);
  });

  it.each(['every now and then|UTC', '#cbf29ce484222325'])(
    'Only the armed time is due if the armed timing %s cannot be parsed',
    (timing) => {
      const { records, lease } = claimed({ cron, job: { ...job, timing }, now });
      expect(records).toEqual([]);
      expect(lease?.plannedAt).toBe(NOON);
    },
  );

  it('Missed times of a timing that an edit replaced do not wait', () => {
    const catchingUp = cronOf({ periodicity: '*/5 * * * *', missed: 'all' });
    const { records, lease, job: after } = claimed({ cron: catchingUp, job, now });
    expect(lease?.plannedAt).toBe(NOON);
    expect(after.waiting).toBeUndefined();
    expect(records).toMatchObject([
      { plannedAt: now, covers: { from: NOON + 10 * MINUTE, count: 3 }, reason: 'edited' },
    ]);
  });

  it('A range of more than 1,000 missed times is recorded once, as a lower bound', () => {
    const everyMinute = cronOf({ periodicity: '* * * * *', missed: 'skip' });
    const from = NOON - 3000 * MINUTE;
    const { records } = claimed({ cron: everyMinute, job: armedAt(from, everyMinute) });
    const [record, ...others] = records;
    expect(others).toEqual([]);
    expect(record).toMatchObject({ reason: 'missed', covers: { from, isMore: true } });
    expect(record?.covers?.count).toBeGreaterThan(500);
  });
});

describe('claim under each missed policy', () => {
  const from = NOON - 3 * HOUR;
  const missed = (fields: Partial<CronFields>, late = 1000) => {
    const cron = cronOf(fields);
    return claimed({ cron, job: armedAt(from, cron), now: NOON + late });
  };

  it('The policy "once" lets the time that is on time stand for the missed ones', () => {
    const { lease, records, arm } = missed({});
    expect(lease?.plannedAt).toBe(NOON);
    expect(arm).toBe(NOON + HOUR);
    expect(records).toMatchObject([
      { plannedAt: NOON - HOUR, covers: { from, count: 3 }, status: 'NOTRUN', reason: 'missed' },
    ]);
  });

  it('The policy "once" runs the latest missed time if none is on time', () => {
    const { lease, records } = missed({}, 6 * MINUTE);
    expect(lease?.plannedAt).toBe(NOON);
    expect(records).toMatchObject([{ plannedAt: NOON - HOUR, covers: { from, count: 3 } }]);
  });

  it('The policy "all" runs the missed times one after the other, oldest first', () => {
    const { lease, job, records } = missed({ missed: 'all' });
    expect(lease?.plannedAt).toBe(from);
    expect(job.waiting).toEqual({ from: from + HOUR, to: NOON });
    expect(records).toEqual([]);
  });

  it('The policy "all" catches up with at most 100 missed times', () => {
    const cron = cronOf({ missed: 'all', periodicity: '* * * * *' });
    const { lease, job, records } = claimed({ cron, job: armedAt(NOON - 150 * MINUTE, cron) });
    // 146 times are older than the grace: the latest 100 of them run.
    expect(lease?.plannedAt).toBe(NOON - 104 * MINUTE);
    expect(job.waiting).toEqual({ from: NOON - 103 * MINUTE, to: NOON });
    expect(records).toMatchObject([{ covers: { from: NOON - 150 * MINUTE, count: 46 }, reason: 'missed' }]);
  });

  it('The policy "skip" runs the time that is on time and none of the missed ones', () => {
    const { lease, records } = missed({ missed: 'skip' });
    expect(lease?.plannedAt).toBe(NOON);
    expect(records).toMatchObject([{ covers: { from, count: 3 }, reason: 'missed' }]);
  });

  it('The policy "skip" runs no time that is older than five minutes', () => {
    expect(missed({ missed: 'skip' }, 5 * MINUTE).lease?.plannedAt).toBe(NOON);
    const { lease, records } = missed({ missed: 'skip' }, 5 * MINUTE + 1);
    expect(lease).toBeUndefined();
    expect(records).toMatchObject([{ plannedAt: NOON, covers: { from, count: 4 }, reason: 'missed' }]);
  });

  it('A time that is 61 seconds late is on time, whatever the policies say', () => {
    const cron = cronOf({ periodicity: '* * * * *', missed: 'skip', maxLateness: 60 });
    const { lease, records, job } = claimed({ cron, now: NOON + 61_000 });
    expect(lease?.plannedAt).toBe(NOON);
    expect(records).toEqual([]);
    expect(job.waiting).toEqual({ from: NOON + MINUTE, to: NOON + MINUTE });
  });

  it('Missed times that are older than maxLateness never run', () => {
    const { lease, job, records } = missed({ missed: 'all', maxLateness: 5400 });
    expect(lease?.plannedAt).toBe(NOON - HOUR);
    expect(job.waiting).toEqual({ from: NOON, to: NOON });
    expect(records).toMatchObject([
      { covers: { from, count: 2 }, reason: 'missed', messages: [expect.stringContaining('(5400 s)')] },
    ]);
  });

  it('A waiting time that became older than maxLateness does not run', () => {
    const cron = cronOf({ missed: 'all', maxLateness: 3600 });
    const job = armedAt(NOON + HOUR, cron, { waiting: { from: NOON - 2 * HOUR, to: NOON } });
    const { lease, records } = claimed({ cron, job, occurrence: { plannedAt: NOON - 2 * HOUR } });
    expect(lease?.plannedAt).toBe(NOON);
    expect(records).toMatchObject([
      { plannedAt: NOON - HOUR, covers: { from: NOON - 2 * HOUR, count: 2 }, reason: 'late' },
    ]);
  });

  it.each([
    [
      'were missed',
      'once',
      NOON - 40 * MINUTE,
      { covers: { from: NOON - 40 * MINUTE, count: 3 }, reason: 'missed' },
    ],
    ['overlapped', 'once', NOON - 10 * MINUTE, undefined],
  ] as const)('What waits ends when a time behind others that %s joins it', (_, missed, due, dropped) => {
    const cron = cronOf({ periodicity: '*/10 * * * *', missed });
    const waiting = { from: NOON - 70 * MINUTE, to: NOON - 60 * MINUTE };
    const job = armedAt(due, cron, busyWith(NOON - 80 * MINUTE, { waiting }));
    const { job: after, records } = claimed({
      cron,
      job,
      occurrence: { plannedAt: due },
      now: NOON - MINUTE,
    });
    expect(after.waiting).toEqual({ from: NOON - 10 * MINUTE, to: NOON - 10 * MINUTE });
    const outpaced = { plannedAt: NOON - 60 * MINUTE, covers: { from: NOON - 70 * MINUTE, count: 2 } };
    expect(records).toMatchObject([{ ...outpaced, reason: 'missed' }, ...(dropped ? [dropped] : [])]);
  });

  it('What waits is kept when times behind it are missed and none joins it', () => {
    const cron = cronOf({ periodicity: '*/10 * * * *', missed: 'skip' });
    const waiting = { from: NOON - 60 * MINUTE, to: NOON - 50 * MINUTE };
    const job = armedAt(NOON - 40 * MINUTE, cron, busyWith(NOON - 70 * MINUTE, { waiting }));
    const due = { plannedAt: NOON - 40 * MINUTE };
    const { job: after, records } = claimed({ cron, job, occurrence: due });
    expect(after.waiting).toEqual(waiting);
    expect(records.map(({ reason }) => reason)).toEqual(['missed', 'overlap']);
  });

  it('What is left after too late times goes on waiting', () => {
    const cron = cronOf({ missed: 'all', maxLateness: 3600 });
    const job = armedAt(NOON + HOUR, cron, { waiting: { from: NOON - 2 * HOUR, to: NOON - 2 * HOUR } });
    const { lease, records, job: after } = claimed({ cron, job, occurrence: { plannedAt: NOON - 2 * HOUR } });
    expect(lease).toBeUndefined();
    expect(records).toMatchObject([{ plannedAt: NOON - 2 * HOUR, reason: 'late' }]);
    expect(after).toMatchObject({ waiting: undefined, waitingForced: [], leases: [] });
  });
});

describe('claim while the job is busy', () => {
  const during = (fields: Partial<CronFields>, rest: Partial<Job> = busyWith(NOON - HOUR)) => {
    const cron = cronOf(fields);
    return claimed({ cron, job: armedAt(NOON, cron, rest) });
  };

  it('The policy "skip" does not run the next occurrence', () => {
    const { lease, records, arm } = during({});
    expect(lease).toBeUndefined();
    expect(arm).toBe(NOON + HOUR);
    expect(records).toMatchObject([{ plannedAt: NOON, reason: 'overlap' }]);
  });

  it('The policy "buffer" lets the next occurrence wait', () => {
    const { lease, job, records } = during({ overlap: 'buffer' });
    expect(lease).toBeUndefined();
    expect(job.waiting).toEqual({ from: NOON, to: NOON });
    expect(records).toEqual([]);
  });

  it('The policy "buffer" lets only one occurrence wait', () => {
    const waiting = { from: NOON - HOUR, to: NOON - HOUR };
    const { job, records } = during({ overlap: 'buffer' }, busyWith(NOON - 2 * HOUR, { waiting }));
    expect(job.waiting).toEqual(waiting);
    expect(records).toMatchObject([{ plannedAt: NOON, reason: 'overlap' }]);
  });

  it('The policy "buffer" counts a waiting requested run as the one that waits', () => {
    const waitingForced = [{ plannedAt: NOON - MINUTE, forced: 'by-hand' }];
    const { job, records } = during({ overlap: 'buffer' }, busyWith(NOON - HOUR, { waitingForced }));
    expect(job.waiting).toBeUndefined();
    expect(records).toMatchObject([{ plannedAt: NOON, reason: 'overlap' }]);
  });

  it('The policy "allow" starts the next occurrence beside the run', () => {
    const { lease, job } = during({ overlap: 'allow' });
    expect(lease?.plannedAt).toBe(NOON);
    expect(job.leases).toHaveLength(2);
  });

  it('The policy "allow" starts no sixth run beside five, and says so', () => {
    const five = { leases: crowd(), busySince: NOON - HOUR };
    const { lease, records, arm } = during({ overlap: 'allow' }, five);
    expect([lease, arm]).toEqual([undefined, NOON + HOUR]);
    const messages = ['5 runs were in progress, the most that are possible at once.'];
    expect(records).toMatchObject([{ plannedAt: NOON, status: 'NOTRUN', reason: 'overlap', messages }]);
    const four = { ...five, leases: crowd().slice(1) };
    expect(during({ overlap: 'allow' }, four).job.leases).toHaveLength(5);
  });

  it('A time overlaps only if the job was busy at that time: a run that began later makes it wait', () => {
    const { lease, job, records } = during({}, busyWith(NOON, { busySince: NOON + 500 }));
    expect(lease).toBeUndefined();
    expect(job.waiting).toEqual({ from: NOON, to: NOON });
    expect(records).toEqual([]);
  });

  it('A time that was planned while something waited overlaps although nothing runs', () => {
    const waiting = { from: NOON - HOUR, to: NOON - HOUR };
    const { lease, records } = during({}, { waiting, busySince: NOON - HOUR });
    expect(lease?.plannedAt).toBe(NOON - HOUR);
    expect(records).toMatchObject([{ plannedAt: NOON, reason: 'overlap' }]);
  });

  it('A run whose lease has expired is recorded as died and no longer blocks the next one', () => {
    const expired = { leases: [running(NOON - HOUR, NOON)], busySince: NOON - HOUR };
    const { lease, records, job } = during({}, expired);
    expect(lease?.plannedAt).toBe(NOON);
    expect(job.leases).toEqual([lease]);
    expect(records).toMatchObject([
      { plannedAt: NOON - HOUR, status: 'FAILURE', runId: 'run-0', reason: 'died' },
    ]);
  });

  it('The delivery of a waiting occurrence is ignored while a run is in progress', () => {
    const cron = cronOf({ overlap: 'buffer' });
    const job = armedAt(NOON + HOUR, cron, busyWith(NOON - HOUR, { waiting: { from: NOON, to: NOON } }));
    expect(claim(request({ cron, job }))).toEqual({
      kind: 'ignored',
      reason: 'it waits until the run in progress has ended',
    });
  });
});

describe('claim of waiting occurrences', () => {
  it('Missed times that wait start beside runs that may overlap, but one after the other', () => {
    const cron = cronOf({ overlap: 'allow', missed: 'all' });
    const waiting = { from: NOON - 2 * HOUR, to: NOON - HOUR };
    const job = armedAt(NOON + HOUR, cron, busyWith(NOON, { waiting }));
    const first = claimed({ cron, job, occurrence: { plannedAt: NOON - 2 * HOUR } });
    expect(first.lease?.plannedAt).toBe(NOON - 2 * HOUR);
    expect(first.job.waiting).toEqual({ from: NOON - HOUR, to: NOON - HOUR });
    expect(first.job.leases).toHaveLength(2);
    const second = { cron, job: first.job, occurrence: { plannedAt: NOON - HOUR } };
    const execution = { ...EXECUTION, holder: 'holder-2' };
    expect(claim(request({ ...second, execution })).kind).toBe('ignored');
  });

  it('A waiting occurrence starts under the policy "allow" as soon as there is room for it', () => {
    const cron = cronOf({ overlap: 'allow' });
    const waiting = { from: NOON, to: NOON };
    const leases = crowd();
    const job = armedAt(NOON + HOUR, cron, { leases, busySince: NOON, waiting });
    expect(claim(request({ cron, job }))).toMatchObject({ kind: 'ignored' });
    const { lease } = claimed({ cron, job: { ...job, leases: leases.slice(1) } });
    expect(lease?.plannedAt).toBe(NOON);
  });

  it('What waits and is on time keeps its place when a later time is due after one that did not run', () => {
    const cron = cronOf({ overlap: 'allow', periodicity: '* * * * *' });
    const waiting = { from: NOON - 2 * MINUTE, to: NOON - 2 * MINUTE };
    const leases = crowd().slice(1);
    const { lease, records } = claimed({
      cron,
      job: armedAt(NOON, cron, { leases, busySince: NOON - HOUR, waiting }),
    });
    expect(lease?.plannedAt).toBe(NOON - 2 * MINUTE);
    expect(records).toMatchObject([{ plannedAt: NOON, status: 'NOTRUN', reason: 'overlap' }]);
  });

  it('The oldest waiting occurrence runs first, whichever is delivered, and the timer stays', () => {
    const job = armedAt(NOON + HOUR, cronOf(), { waiting: { from: NOON - HOUR, to: NOON } });
    const { lease, arm, job: after } = claimed({ job });
    expect(lease?.plannedAt).toBe(NOON - HOUR);
    expect(arm).toBeUndefined();
    expect(after).toMatchObject({ waiting: { from: NOON, to: NOON }, armedAt: NOON + HOUR });
  });

  it('A buffered occurrence runs after the run in progress, however long that took', () => {
    const cron = cronOf({ missed: 'skip', overlap: 'buffer' });
    const job = armedAt(NOON + HOUR, cron, { waiting: { from: NOON - HOUR, to: NOON - HOUR } });
    expect(claimed({ cron, job, occurrence: { plannedAt: NOON - HOUR } }).lease?.plannedAt).toBe(NOON - HOUR);
  });

  it('A requested run that has waited longer starts before a planned time', () => {
    const forced = { plannedAt: NOON - 2 * HOUR, forced: 'by-hand' };
    const waiting = { from: NOON - HOUR, to: NOON - HOUR };
    const job = armedAt(NOON + HOUR, cronOf(), { waiting, waitingForced: [forced] });
    const { lease, job: after } = claimed({ job, occurrence: { plannedAt: NOON - HOUR } });
    expect(lease).toMatchObject({ ...forced, runId: 'by-hand' });
    expect(after).toMatchObject({ waiting, waitingForced: [] });
  });
});

describe('claim of a requested run', () => {
  const occurrence = { plannedAt: NOON + 500, forced: 'by-hand', requestedBy: 'ann' };
  const later = (rest: Partial<Job> = {}) => armedAt(NOON + HOUR, cronOf(), rest);

  it('A requested run starts now and leaves the regular schedule unchanged', () => {
    const { lease, arm, job } = claimed({ job: later(), occurrence });
    expect(lease).toMatchObject({ ...occurrence, runId: 'by-hand' });
    expect(arm).toBeUndefined();
    expect(job).toMatchObject({
      armedAt: NOON + HOUR,
      recentForced: [{ plannedAt: occurrence.plannedAt, forced: 'by-hand' }],
    });
  });

  it('A requested run starts before missed times that wait', () => {
    const waiting = { from: NOON, to: NOON };
    const { lease, job } = claimed({ job: later({ waiting }), occurrence });
    expect(lease?.runId).toBe('by-hand');
    expect(job.waiting).toEqual(waiting);
  });

  it('A requested run starts once, even if a later delivery finds neither lease nor record', () => {
    const { job } = claimed({ job: later(), occurrence });
    const execution = { ...EXECUTION, holder: 'holder-2' };
    const again = { occurrence, execution, now: occurrence.plannedAt + 4 * MINUTE };
    const ignored = { kind: 'ignored', reason: 'this requested run was handled before' };
    expect(claim(request({ ...again, job }))).toEqual(ignored);
    expect(claim(request({ ...again, job: { ...job, leases: [] } }))).toEqual(ignored);
  });

  it('A requested run is recognized by its lease after the job has forgotten the request', () => {
    const { job } = claimed({ job: later(), occurrence });
    const execution = { ...EXECUTION, holder: 'holder-2' };
    const again = request({ job: { ...job, recentForced: [] }, occurrence, execution });
    expect(claim(again).kind).toBe('ignored');
  });

  it('A requested run that is delivered too late does not run, because it may have run before', () => {
    const late = { occurrence, job: newJob('default', 'a') };
    expect(claimed({ ...late, now: occurrence.plannedAt + 5 * MINUTE }).lease).toMatchObject(occurrence);
    const { lease, arm, records } = claimed({ ...late, now: occurrence.plannedAt + 5 * MINUTE + 1 });
    expect({ lease, arm }).toEqual({});
    expect(records).toMatchObject([
      { runId: 'by-hand', forced: 'by-hand', requestedBy: 'ann', status: 'NOTRUN', reason: 'missed' },
    ]);
  });

  it('The job forgets a requested run when no repeated delivery could start it any more', () => {
    const early = { plannedAt: NOON - 6 * MINUTE, forced: 'long-ago' };
    const recent = { plannedAt: NOON - 4 * MINUTE, forced: 'just-now' };
    const { job } = claimed({ job: later({ recentForced: [early, recent] }), occurrence });
    expect(job.recentForced).toEqual([recent, { plannedAt: occurrence.plannedAt, forced: 'by-hand' }]);
  });

  it('The seventeenth request within five minutes does not run', () => {
    const recentForced = Array.from({ length: 16 }, (_, n) => ({ plannedAt: NOON, forced: `run-${n}` }));
    const { lease, records, job } = claimed({ job: later({ recentForced }), occurrence });
    expect(lease).toBeUndefined();
    expect(records).toMatchObject([{ forced: 'by-hand', status: 'NOTRUN', reason: 'overlap' }]);
    expect(job.recentForced).toEqual(recentForced);
  });

  it('A requested run respects the policy "skip", and its record has its run id', () => {
    const { lease, records } = claimed({ job: later(busyWith(NOON)), occurrence });
    expect(lease).toBeUndefined();
    expect(records).toMatchObject([{ forced: 'by-hand', runId: 'by-hand', reason: 'overlap' }]);
  });

  it('A requested run waits under the policy "buffer", and starts when it is delivered again', () => {
    const cron = cronOf({ overlap: 'buffer' });
    const { lease, job, records } = claimed({ cron, job: later(busyWith(NOON)), occurrence });
    expect([lease, records]).toEqual([undefined, []]);
    expect(job.waitingForced).toEqual([occurrence]);
    const free = { ...job, leases: [] };
    const second = claimed({ cron, job: free, occurrence });
    expect(second.lease).toMatchObject(occurrence);
    expect(second.job.waitingForced).toEqual([]);
  });

  it('A requested run starts beside a run in progress under the policy "allow"', () => {
    const cron = cronOf({ overlap: 'allow' });
    expect(claimed({ cron, job: later(busyWith(NOON)), occurrence }).job.leases).toHaveLength(2);
  });

  it('A requested run does not start under the policy "allow" if there is no room for it', () => {
    const cron = cronOf({ overlap: 'allow' });
    const { lease, records } = claimed({
      cron,
      job: later({ leases: crowd(), busySince: NOON }),
      occurrence,
    });
    expect(lease).toBeUndefined();
    expect(records).toMatchObject([{ forced: 'by-hand', status: 'NOTRUN', reason: 'overlap' }]);
  });

  it('A requested run of a cron that is off becomes a NOTRUN record, and what waits stays', () => {
    const cron = cronOf({ activated: false });
    const waiting = { from: NOON, to: NOON };
    const { records, job } = claimed({ cron, job: later({ waiting }), occurrence });
    expect(records).toMatchObject([{ runId: 'by-hand', status: 'NOTRUN', reason: 'off' }]);
    expect(job.waiting).toEqual(waiting);
  });
});
