import { describe, expect, it } from 'vitest';
import { durationText, type Happened, runTimeline } from '../../../lib/app/operations/run-timeline.ts';
import { REASONS } from '../../../lib/core/domain/run-record.ts';
import { leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';

/** The steps of a run that was planned at noon, as `step+milliseconds`, with their causes. */
function stepsOf(run: Happened, around: Parameters<typeof runTimeline>[1] = {}): string[] {
  return runTimeline(run, around).map(({ step, at, cause }) =>
    [`${step}+${at - NOON}`, ...(cause === undefined ? [] : [cause])].join(' '),
  );
}

/** The causes of a run that was planned at noon. */
const causes = (run: Happened, around: Parameters<typeof runTimeline>[1] = {}) =>
  runTimeline(run, around).flatMap(({ cause }) => cause ?? []);

describe('runTimeline', () => {
  it('A run on time has its steps and no cause', () => {
    const run = recordOf(0, { deliveredAt: NOON + 900, claimedAt: NOON + 950, startedAt: NOON + 960 });
    expect(stepsOf(run, { next: NOON + MINUTE })).toEqual([
      'planned+0',
      'delivered+900',
      'claimed+950',
      'started+960',
      'ended+1500',
      'next+60000',
    ]);
  });

  it('A run in progress has no end, and what never ran was decided', () => {
    expect(stepsOf(leaseOf(NOON))).toEqual(['planned+0', 'delivered+0', 'claimed+0']);
    expect(stepsOf(notRunRecordOf(0))).toEqual(['planned+0', 'decided+1500']);
    expect(stepsOf({ plannedAt: NOON, forced: 'x' })).toEqual(['requested+0']);
  });

  const late = (ms: number) =>
    recordOf(0, { deliveredAt: NOON + ms, claimedAt: NOON + ms, startedAt: NOON + ms, endedAt: NOON + ms });
  const before = recordOf(10, { claimedAt: NOON - 10 * MINUTE, endedAt: NOON + 40_000 });

  it.each<[string, Happened, Parameters<typeof runTimeline>[1], RegExp[]]>([
    ['the precision of the timer', late(30_000), {}, [/^A timer fires within a minute/]],
    ['a repeated delivery', late(90_000), {}, [/^The first delivery was lost or failed/]],
    ['a catch-up', late(6 * MINUTE), {}, [/^It was found after the grace/]],
    [
      'the run before it',
      late(40_010),
      { previous: before },
      [/^It waited for the run of 2026-03-02T11:50:00Z/],
    ],
    ['a request that waited', { ...late(5_000), forced: 'x' }, {}, [/^The request waited/]],
    ['a slow claim', recordOf(0, { claimedAt: NOON + 3_000 }), {}, [/^The claim was repeated/]],
    ['a slow start', recordOf(0, { startedAt: NOON + 3_000 }), {}, [/^The start was announced/]],
    ['a dead process', recordOf(0, { reason: 'died' }), {}, [/^Its process ended without a result/]],
    ['a timeout', recordOf(0, { reason: 'timeout' }), {}, [/^Its time was up: it was aborted/]],
    [
      'a runner that went on',
      recordOf(0, { reason: 'timeout', wentOn: true }),
      {},
      [/ignored that for a while/],
    ],
    ['a user', recordOf(0, { reason: 'stopped' }), {}, [/^A user stopped it/]],
  ])('A gap has its cause: %s', (_, run, around, expected) => {
    const found = causes(run, around);
    expect(found).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern);
  });

  it.each(REASONS)('What never ran, or did not run to its end, has the cause of "%s" beside it', (reason) => {
    const run = { plannedAt: NOON, reason, endedAt: NOON + 1 };
    const [, decided] = runTimeline(run, {});
    expect(decided).toMatchObject({ step: 'decided', cause: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it('A run before it that ended in time, never ran or ended much earlier than the delivery is no cause', () => {
    const others = [
      { ...before, endedAt: NOON - 1 },
      notRunRecordOf(1, { endedAt: NOON + 10 }),
      { ...before, endedAt: NOON + MINUTE },
      { ...before, claimedAt: NOON + 50_000 },
    ];
    for (const previous of others) {
      expect(causes(late(40_010), { previous })).toEqual(['A timer fires within a minute of its time.']);
    }
  });

  it('A duration is shown beside the usual one', () => {
    expect(durationText(4_200, 3_900)).toBe('4.2 s, usually 3.9 s');
    expect(durationText(4_200, undefined)).toBe('4.2 s');
  });
});
