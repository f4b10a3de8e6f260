import { describe, expect, it } from 'vitest';
import { type ClaimRequest, claim } from '../../lib/domain/claim.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import type { Job } from '../../lib/domain/job.ts';
import { reconcile } from '../../lib/domain/reconcile.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NOON } from '../support/jobs.ts';

const OFF = { ...CRONTAB_DEFAULTS, activated: false };

/** The records of a delivery of noon. */
function claimed(rest: Partial<ClaimRequest>, job: Partial<Job> = {}, armed = NOON) {
  const cron = rest.cron ?? cronOf();
  const result = claim({
    cron,
    settings: CRONTAB_DEFAULTS,
    job: armedAt(armed, cron, job),
    occurrence: { at: NOON },
    now: NOON + 1000,
    runId: 'run-1',
    expires: NOON + 15 * MINUTE,
    ...rest,
  });
  return result.kind === 'claimed' ? result.logs : [];
}

const running = { leases: [leaseOf(NOON - HOUR, NOON + HOUR)] };
const edited = cronOf({ periodicity: '30 * * * *' });

describe('the kind of reason in a record is', () => {
  it.each([
    ['missed', 'older times than the latest', claimed({}, {}, NOON - 2 * HOUR)],
    [
      'missed',
      'what is late under "skip"',
      claimed({ cron: cronOf({ missed: 'skip' }), now: NOON + HOUR / 2 }),
    ],
    ['missed', 'what is too old', claimed({ cron: cronOf({ maxLateness: 60 }), now: NOON + HOUR / 2 })],
    [
      'missed',
      'what waited too long',
      claimed({ cron: cronOf({ maxLateness: 60 }) }, { pending: [{ at: NOON - HOUR }] }),
    ],
    [
      'missed',
      'what a person asked for long ago',
      claimed({ occurrence: { at: NOON, forced: 'by-hand' }, now: NOON + HOUR / 2 }),
    ],
    ['overlap', 'what meets a run under "skip"', claimed({}, running)],
    [
      'overlap',
      'what meets one that waits under "buffer"',
      claimed({ cron: cronOf({ overlap: 'buffer' }) }, { ...running, pending: [{ at: NOON - MINUTE }] }),
    ],
    ['off', 'what finds the cron off', claimed({ cron: cronOf({ activated: false }) })],
    ['off', 'what finds the crontab off', claimed({ settings: OFF })],
    [
      'off',
      'what was due when it was switched off',
      reconcile(cronOf(), OFF, armedAt(NOON, cronOf()), NOON).logs,
    ],
    [
      'edited',
      'what an edit replaced',
      reconcile(edited, CRONTAB_DEFAULTS, armedAt(NOON, cronOf()), NOON).logs,
    ],
  ])('%s for %s', (why, _, logs) => {
    expect(logs.map(({ status }) => status)).toEqual(['NOTRUN']);
    expect(logs.map((log) => log.why)).toEqual([why]);
  });
});
