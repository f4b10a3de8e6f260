/**
 * The judge can fail: systems that do wrong are found out, told and shrunk. `node test/simulation/mistakes.ts` makes
 * many more mistakes, in copies of the handlers' own code.
 */
import { describe, expect, it } from 'vitest';
import { isPlanned, nextPlanned } from './plan.ts';
import { simulateSeeds } from './seeds.ts';
import { shrink } from './shrink.ts';
import { type System, system } from './system.ts';
import { tellViolation } from './tell.ts';

type RunPorts = Parameters<System['run']>[0];

/** The run handler on ports that are not what they seem. */
function runOn(doctored: (ports: RunPorts) => Partial<RunPorts>): Partial<System> {
  return {
    run: (ports, delivery, deadline) => system.run({ ...ports, ...doctored(ports) }, delivery, deadline),
  };
}

const WRONG: [string, string, Partial<System>][] = [
  [
    'claims whether somebody else did or not',
    'overlap',
    runOn(({ store }) => ({
      store: {
        ...store,
        saveJob: async (job) => (await store.saveJob(job)) ?? { ...job, revision: job.revision + 1 },
      },
    })),
  ],
  [
    'makes no next timer',
    'exactly one future timer for each active cron, and none for anything else',
    runOn(({ queue }) => ({ queue: { ...queue, arm: async () => undefined } })),
  ],
  [
    'says what is secret',
    'no secret is shown',
    runOn(({ events }) => ({
      secrets: { read: async () => 'not the one that is asked for', place: () => 'nowhere' },
      events,
    })),
  ],
  [
    'never heals',
    'what is in the table is followed',
    {
      onSyncEvent: async (ports, event) =>
        JSON.stringify(event).includes('task') ? undefined : system.onSyncEvent(ports, event),
    },
  ],
  ['hears nothing of edits', 'news that was handled is in the table', { project: async () => undefined }],
  [
    'finds nothing in its restarts',
    'the table shows what the registry says',
    {
      onSyncEvent: async (ports, event) =>
        JSON.stringify(event).includes('restore') ? undefined : system.onSyncEvent(ports, event),
    },
  ],
  [
    'says that it has synchronised, and has not',
    'what was reported as synchronised is',
    {
      onSyncEvent: async (ports, event) =>
        (await system.onSyncEvent(ports, event)) && { batchItemFailures: [] },
    },
  ],
  [
    'takes leases that outlive every process',
    'a lease ends',
    { run: (ports, delivery, deadline) => system.run(ports, delivery, deadline + 86_400_000) },
  ],
  ['leaves deliveries as they are', 'a delivery moves its job on', { run: async () => undefined }],
  [
    'does not hear of what a person asks for',
    'what was asked for is dealt with',
    {
      run: async (ports, delivery, deadline) =>
        delivery.forced === undefined ? system.run(ports, delivery, deadline) : undefined,
    },
  ],
  [
    'throws what is a defect',
    'handlers throw only what they promise',
    { project: () => Promise.reject(new TypeError('a defect')) },
  ],
];

describe('the judge', () => {
  it.each(WRONG)('finds out a system that %s', { timeout: 60_000 }, async (_, invariant, doctored) => {
    const wrong = { ...system, ...doctored };
    const { failed } = await simulateSeeds({
      seed: 1,
      seeds: 60,
      days: 2,
      crons: 5,
      system: wrong,
      onSeed: ({ failed: found }) => !found.some(({ outcome }) => outcome.violation?.invariant === invariant),
    });
    expect(failed.map(({ outcome }) => outcome.violation?.invariant)).toContain(invariant);
  });

  it('tells the same story of the same seed, to the byte, and a shorter one when it is shrunk', async () => {
    const wrong = {
      ...system,
      ...runOn(({ queue }) => ({ queue: { ...queue, arm: async () => undefined } })),
    };
    const search = { seed: 1, seeds: 60, days: 2, crons: 5, system: wrong };
    const { failed } = await simulateSeeds({ ...search, onSeed: ({ failed: found }) => found.length === 0 });
    const [{ seed, outcome } = { seed: 0, outcome: undefined }] = failed;
    if (!outcome) throw new Error('no seed found it out');
    const options = { seed, days: 2, crons: 5, system: wrong };
    const story = await tellViolation(options);
    expect(await tellViolation(options)).toBe(story);
    expect(story).toMatch(/^VIOLATED: /);
    expect(story).toContain(`again: npm run simulate -- --seed ${seed} --days 2 --crons 5`);
    const short = await shrink(options, outcome, 40);
    expect(short.outcome.violation?.invariant).toBe(outcome.violation?.invariant);
    expect(short.options.crons).toBeLessThan(options.crons);
    const counted = [...short.outcome.faults.values()].reduce((sum, count) => sum + count, 0);
    expect(counted).toBeLessThanOrEqual([...outcome.faults.values()].reduce((sum, count) => sum + count, 0));
  });
});

describe("the judge's own reading of periodicities", () => {
  it.each([
    ['every five minutes', '*/5 * * * *', 'UTC', '2026-03-02T12:00:00Z', '2026-03-02T12:05:00Z'],
    [
      'a fixed time in a gap comes right after it',
      '30 2 * * *',
      'Europe/Paris',
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'a fixed time that is shown twice comes once',
      '30 2 * * *',
      'Europe/Paris',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ],
    [
      'a wildcard follows the clock',
      '30 * * * *',
      'Europe/Paris',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
    ],
    [
      'half an hour of change',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:30:00Z',
    ],
    ['the last day of the month', '59 23 L * *', 'UTC', '2026-02-03T00:00:00Z', '2026-02-28T23:59:00Z'],
    ['either of both days', '0 12 13 * 5', 'UTC', '2026-03-09T00:00:00Z', '2026-03-13T12:00:00Z'],
    ['Sunday is also 7', '30 2 * * 7', 'UTC', '2026-03-02T00:00:00Z', '2026-03-08T02:30:00Z'],
    ['once a year', '@yearly', 'UTC', '2026-03-02T12:00:00Z', '2027-01-01T00:00:00Z'],
    ['a nickname', '@daily', 'Asia/Kolkata', '2026-03-02T12:00:00Z', '2026-03-02T18:30:00Z'],
  ])('knows %s', (_, periodicity, timezone, after, next) => {
    const found = nextPlanned({ periodicity, timezone }, Date.parse(after));
    expect(found && new Date(found).toISOString()).toBe(next.replace('Z', '.000Z'));
    expect(isPlanned({ periodicity, timezone }, Date.parse(next))).toBe(true);
    expect(isPlanned({ periodicity, timezone }, Date.parse(next) - 60_000 * 7)).toBe(false);
  });

  it('knows when nothing comes within 400 days', () => {
    expect(nextPlanned({ periodicity: '0 0 31 2 *', timezone: 'UTC' }, 0)).toBeUndefined();
  });
});
