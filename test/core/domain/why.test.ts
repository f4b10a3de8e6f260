/** The reason and the message of every run record that the domain writes for occurrences that did not run to their end. */
import { describe, expect, it } from 'vitest';
import { type ClaimRequest, claim } from '../../../lib/core/domain/claim.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import type { Job } from '../../../lib/core/domain/job.ts';
import { reconcile } from '../../../lib/core/domain/reconcile.ts';
import type { RunRecord } from '../../../lib/core/domain/run-record.ts';
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
    editedAt: NOON,
    execution: {
      runId: 'run-1',
      holder: 'holder-1',
      deliveredAt: NOON,
      expiresAt: NOON + 15 * MINUTE,
      definitionVersion: 1,
    },
    ...rest,
  });
  return result.kind === 'claimed' ? result.records : [];
}

const running = { leases: [leaseOf(NOON - HOUR, NOON + HOUR)], busySince: NOON - HOUR };
const edited = cronOf({ periodicity: '30 * * * *' });
const everyMinute = cronOf({ missed: 'all', periodicity: '* * * * *' });

describe('the reason why nothing ran', () => {
  it.each<[RunRecord['reason'], string, string, readonly RunRecord[]]>([
    [
      'missed',
      'of times before the latest under "once"',
      'Missed: could not start within 5 minutes; missed is "once", so only the latest one runs: 2026-03-02T12:00:00Z.',
      claimed({}, {}, NOON - 2 * HOUR),
    ],
    [
      'missed',
      'of times before the latest 100 under "all"',
      'Missed: could not start within 5 minutes; missed is "all", which catches up with the latest 100.',
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
      'Missed: found later than maxLateness (60 s).',
      claimed({ cron: cronOf({ maxLateness: 60 }), now: NOON + HOUR / 2 }),
    ],
    [
      'late',
      'of a time that waited longer than maxLateness',
      'It waited longer than maxLateness (60 s).',
      claimed({ cron: cronOf({ maxLateness: 60 }) }, { waiting: { from: NOON - HOUR, to: NOON - HOUR } }),
    ],
    [
      'missed',
      'of a forced run that is delivered late',
      'It was delivered more than 5 minutes after its request. If it has not run, request it again.',
      claimed({ occurrence: { plannedAt: NOON, forced: 'by-hand' }, now: NOON + HOUR / 2 }),
    ],
    [
      'overlap',
      'of a time during another run under "skip"',
      'The run of 2026-03-02T11:00:00Z was in progress; overlap is "skip".',
      claimed({}, running),
    ],
    [
      'overlap',
      'of a time behind a waiting one under "buffer"',
      'The run of 2026-03-02T11:00:00Z was in progress and another one waits; overlap is "buffer", which keeps one.',
      claimed(
        { cron: cronOf({ overlap: 'buffer' }) },
        { ...running, waiting: { from: NOON - HOUR, to: NOON - HOUR } },
      ),
    ],
    ['off', 'of a cron that is off', 'The cron is off.', claimed({ cron: cronOf({ activated: false }) })],
    ['off', 'of a crontab that is off', 'The crontab is off.', claimed({ settings: OFF })],
    [
      'off',
      'of a crontab of which it is known how it was switched off',
      'The crontab is off since 2026-03-02T11:00:00Z by ana: holidays.',
      claimed({ settings: OFF, off: { since: NOON - HOUR, by: 'ana', note: 'holidays' } }),
    ],
    [
      'off',
      'of a time that was due when the crontab was switched off',
      'The crontab is off since 2026-03-02T12:00:00Z by ana: holidays.',
      reconcile(
        { cron: cronOf(), settings: OFF, editedAt: NOON, off: { since: NOON, by: 'ana', note: 'holidays' } },
        armedAt(NOON, cronOf()),
        NOON,
      ).records,
    ],
    [
      'edited',
      'of a time that was due at an edit',
      'An edit replaced it before it could start.',
      reconcile({ cron: edited, settings: CRONTAB_DEFAULTS, editedAt: NOON }, armedAt(NOON, cronOf()), NOON)
        .records,
    ],
    [
      'overlap',
      'of a time while an earlier one waits under "skip"',
      'An earlier run was waiting; overlap is "skip".',
      claimed({}, { waiting: { from: NOON - HOUR, to: NOON - HOUR }, busySince: NOON - HOUR }),
    ],
    [
      'overlap',
      'of the seventeenth request in five minutes',
      'There were 16 requests within 5 minutes, the most that are accepted. Request it again later.',
      claimed(
        { occurrence: { plannedAt: NOON, forced: 'by-hand' } },
        { recentForced: Array.from({ length: 16 }, (_, n) => ({ plannedAt: NOON, forced: `${n}` })) },
      ),
    ],
  ])('The reason is "%s" in the NOTRUN record %s', (reason, _, message, records) => {
    expect(records).toMatchObject([{ status: 'NOTRUN', reason, messages: [message] }]);
  });
});
