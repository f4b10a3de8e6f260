/** Compares the forecast with claim as the oracle, for runs that outlast their interval. No failure is simulated. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { claim } from '../../../lib/core/domain/claim.ts';
import type { Cron } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { firstWaiting, type Job, type Lease } from '../../../lib/core/domain/job.ts';
import { release, runRecord } from '../../../lib/core/domain/lease.ts';
import type { Occurrence } from '../../../lib/core/domain/occurrence.ts';
import { plannedRuns } from '../../../lib/core/forecast/cron-forecast.ts';
import { armedAt, cronOf, MINUTE, NOON } from '../../support/jobs.ts';

const OWNER = { site: 'default', uid: 'a', runner: 'heartbeat' };

function ended(job: Job, lease: Lease, now: number): Job {
  const record = runRecord(OWNER, lease, { status: 'OK', messages: [], startedAt: now }, now);
  const released = release(job, lease.holder, record);
  if (!released) throw new Error(`The lease of ${lease.runId} is gone.`);
  return released.job;
}

/** Simulates the cron's job from noon on. Returns the start of each planned time; undefined when it did not run. */
function simulatedStarts(cron: Cron, duration: number, end: number): Map<number, number | undefined> {
  const starts = new Map<number, number | undefined>();
  let job: Job = armedAt(NOON, cron);

  function deliver(occurrence: Occurrence, now: number): void {
    const runId = `run-${occurrence.plannedAt}`;
    const expiresAt = now + 15 * MINUTE;
    const execution = { runId, holder: runId, deliveredAt: now, expiresAt, definitionVersion: 1 };
    const claimed = claim({
      cron,
      settings: CRONTAB_DEFAULTS,
      job,
      occurrence,
      now,
      editedAt: NOON,
      execution,
    });
    if (claimed.kind !== 'claimed') throw new Error(`The delivery of ${runId} is ${claimed.kind}.`);
    job = claimed.job;
    for (const { plannedAt } of claimed.records) starts.set(plannedAt, undefined);
    if (claimed.lease) starts.set(claimed.lease.plannedAt, now);
  }

  while (true) {
    const [running] = [...job.leases].sort((a, b) => a.claimedAt - b.claimedAt);
    const ends = running ? running.claimedAt + duration : Number.POSITIVE_INFINITY;
    const armed = job.armedAt ?? Number.POSITIVE_INFINITY;
    if (Math.min(ends, armed) >= end) return starts;
    if (running && ends <= armed) {
      job = ended(job, running, ends);
      const waiting = firstWaiting(job);
      if (waiting && job.leases.length === 0) deliver(waiting, ends);
    } else {
      deliver({ plannedAt: armed }, armed);
    }
  }
}

it('The forecast predicts the start times that claim decides', () => {
  const crons = fc.record({
    overlap: fc.constantFrom('skip' as const, 'buffer' as const, 'allow' as const),
    periodicity: fc.constantFrom('* * * * *', '*/2 * * * *', '0,1,5,20 * * * *', '*/7 * * * *'),
    maxLateness: fc.constantFrom(60, 120, 86_400),
  });
  fc.assert(
    fc.property(crons, fc.integer({ min: 1, max: 850 }), (fields, seconds) => {
      const cron = cronOf({ ...fields, timeout: 870 });
      const period = { from: NOON, to: NOON + 90 * MINUTE };
      const duration = seconds * 1000;
      const starts = simulatedStarts(cron, duration, period.to + 30 * MINUTE);
      for (const run of plannedRuns({ cron, duration }, CRONTAB_DEFAULTS, period)) {
        expect([run.plannedAt, run.starts]).toEqual([run.plannedAt, starts.get(run.plannedAt)]);
      }
    }),
    { numRuns: 300 },
  );
});
