/** The reason and the message of every run record that the domain writes for occurrences that did not run to their end. */
import { describe, expect, it } from 'vitest';
import { type ClaimRequest, claim } from '../../../lib/core/domain/claim.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import type { Job } from '../../../lib/core/domain/job.ts';
import type { Log } from '../../../lib/core/domain/log.ts';
import { reconcile } from '../../../lib/core/domain/reconcile.ts';
import { armedAt, cronOf, HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';

const OFF = { ...CRONTAB_DEFAULTS, activated: false };

/** The run records that a delivery of noon writes. */
function claimed(rest: Partial<ClaimRequest>, job: Partial<Job> = {}, armed = NOON) {
  const cron = rest.cron ?? cronOf();
  const result = claim({
    cron,
    settings: CRONTAB_DEFAULTS,
    job: armedAt(armed, cron, job),
    occurrence: { plannedAt: NOON },
    now: NOON + 1000,
    runId: 'run-1',
    expiresAt: NOON + 15 * MINUTE,
    ...rest,
  });
  return result.kind === 'claimed' ? result.logs : [];
}

const running = { leases: [leaseOf(NOON - HOUR, NOON + HOUR)] };
const edited = cronOf({ periodicity: '30 * * * *' });
const everyMinute = cronOf({ missed: 'all', periodicity: '* * * * *' });

describe('the reason why nothing ran', () => {
  it.each<[Log['reason'], string, string, readonly Log[]]>([
    [
      'missed',
      'of times before the latest under "once"',
      'Missed: could not start on time; missed is "once", so only the latest runs: 2026-03-02T12:00:00Z.',
      claimed({}, {}, NOON - 2 * HOUR),
    ],
    [
      'missed',
      'of times before the latest 100 under "all"',
      'Missed: could not start on time; missed is "all", which makes up for the latest 100.',
      claimed({ cron: everyMinute }, {}, NOON - 150 * MINUTE),
    ],
    [
      'missed',
      'of a late time under "skip"',
      'Missed: could not start within 5 minutes; missed is "skip".',
      claimed({ cron: cronOf({ missed: 'skip' }), now: NOON + HOUR / 2 }),
    ],
    [
      'missed',
      'of a time that is delivered after maxLateness',
      'Missed: found too late. Nothing older than maxLateness (60 s) runs.',
      claimed({ cron: cronOf({ maxLateness: 60 }), now: NOON + HOUR / 2 }),
    ],
    [
      'missed',
      'of a time that was pending for longer than maxLateness',
      'Missed: it waited until it was older than maxLateness (60 s).',
      claimed({ cron: cronOf({ maxLateness: 60 }) }, { pending: [{ plannedAt: NOON - HOUR }] }),
    ],
    [
      'missed',
      'of a forced run that is delivered late',
      'It was delivered more than 5 minutes after it was asked for. If it has not run, ask for it again.',
      claimed({ occurrence: { plannedAt: NOON, forced: 'by-hand' }, now: NOON + HOUR / 2 }),
    ],
    [
      'overlap',
      'of a time during another run under "skip"',
      'The run of 2026-03-02T11:00:00Z was still in progress; overlap is "skip".',
      claimed({}, running),
    ],
    [
      'overlap',
      'of a time behind a pending one under "buffer"',
      'The run of 2026-03-02T11:00:00Z was still in progress and another one waits; overlap is "buffer", which keeps one.',
      claimed(
        { cron: cronOf({ overlap: 'buffer' }) },
        { ...running, pending: [{ plannedAt: NOON - MINUTE }] },
      ),
    ],
    [
      'off',
      'of a cron that is off',
      'The cron is switched off.',
      claimed({ cron: cronOf({ activated: false }) }),
    ],
    ['off', 'of a crontab that is off', 'The crontab is switched off.', claimed({ settings: OFF })],
    [
      'off',
      'of a time that was due when the crontab was switched off',
      'It was switched off before it could start.',
      reconcile(cronOf(), OFF, armedAt(NOON, cronOf()), NOON).logs,
    ],
    [
      'edited',
      'of a time that was due at an edit',
      'It was replaced by an edit before it could start.',
      reconcile(edited, CRONTAB_DEFAULTS, armedAt(NOON, cronOf()), NOON).logs,
    ],
  ])('The reason is "%s" in the NOTRUN record %s', (reason, _, message, logs) => {
    expect(logs).toMatchObject([{ status: 'NOTRUN', reason, messages: [message] }]);
  });

  it('A FAILURE record of an expired lease has the reason "died" and a message that explains it', () => {
    const job = armedAt(NOON + HOUR, cronOf(), { leases: [leaseOf(NOON - HOUR, NOON)] });
    const { logs } = reconcile(cronOf(), CRONTAB_DEFAULTS, job, NOON);
    expect(logs).toMatchObject([
      {
        status: 'FAILURE',
        reason: 'died',
        messages: ['The process of the run died before 2026-03-02T12:00:00Z; the run was not retried.'],
      },
    ]);
  });
});
