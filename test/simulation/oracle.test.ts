/**
 * Shows that the oracle can fail: it detects faulty systems, and their violations can be reproduced and shrunk. Each
 * faulty system wraps a handler or a port; `npm run mutants` mutates the source of the handlers instead.
 */
import { describe, expect, it } from 'vitest';
import { reportViolation } from './report-violation.ts';
import { shrink } from './shrink.ts';
import { simulateSeeds } from './simulate-seeds.ts';
import { type System, system } from './system.ts';

type RunPorts = Parameters<System['run']>[0];

/** A system whose run handler uses some other ports. */
function withRunPorts(replacedPorts: (ports: RunPorts) => Partial<RunPorts>): Partial<System> {
  return {
    run: (ports, delivery, deadline) => system.run({ ...ports, ...replacedPorts(ports) }, delivery, deadline),
  };
}

/** A system whose sync handler ignores some events. */
function ignoringSyncEvents(text: string): Partial<System> {
  return {
    onSyncEvent: async (ports, event) =>
      JSON.stringify(event).includes(text) ? undefined : system.onSyncEvent(ports, event),
  };
}

const withoutTimers = withRunPorts(({ queue }) => ({ queue: { ...queue, arm: async () => undefined } }));

/** What a faulty system does, the invariant that it violates, and the parts that it replaces. */
const FAULTY_SYSTEMS: [string, string, Partial<System>][] = [
  [
    'ignores the conflict of a claim',
    'runs overlap only if the policy allows it',
    withRunPorts(({ store }) => ({
      store: {
        ...store,
        commit: async (...args) => (await store.commit(...args)) || true,
      },
    })),
  ],
  ['arms no next timer', 'an active cron has exactly one future timer, an inactive cron none', withoutTimers],
  [
    'does not redact the secret',
    'no secret is exposed',
    withRunPorts(() => ({ secrets: { read: async () => 'another secret', location: () => 'nowhere' } })),
  ],
  ['never sweeps nor resyncs', 'the sweep ends expired leases', ignoringSyncEvents('task')],
  ['ignores edits', 'a handled change is projected', { project: async () => undefined }],
  ['never resyncs', 'the table equals the registry', ignoringSyncEvents('resync')],
  [
    'reports failed stream records as handled',
    'a handled stream record has armed the next occurrence',
    {
      onSyncEvent: async (ports, event) =>
        (await system.onSyncEvent(ports, event)) && { batchItemFailures: [] },
    },
  ],
  [
    'takes leases that outlive every process',
    'a lease lasts at most 16 minutes',
    { run: (ports, delivery, deadline) => system.run(ports, delivery, deadline + 86_400_000) },
  ],
  ['ignores deliveries', 'a handled delivery advances its job', { run: async () => undefined }],
  [
    'ignores forced runs',
    'a forced run runs, waits or has a record',
    {
      run: async (ports, delivery, deadline) =>
        delivery.forced === undefined ? system.run(ports, delivery, deadline) : undefined,
    },
  ],
  [
    'throws a TypeError',
    'handlers throw only UnavailableError',
    { project: () => Promise.reject(new TypeError('a defect')) },
  ],
];

describe('the oracle', () => {
  it.each(FAULTY_SYSTEMS)(
    'The oracle detects a system that %s',
    { timeout: 60_000 },
    async (_, invariant, parts) => {
      const { failed } = await simulateSeeds({
        seed: 1,
        seeds: 60,
        days: 0.5,
        crons: 5,
        system: { ...system, ...parts },
        onSeed: ({ failed: failures }) =>
          !failures.some(({ result }) => result.violation?.invariant === invariant),
      });
      expect(failed.map(({ result }) => result.violation?.invariant)).toContain(invariant);
    },
  );

  it('The report of a violation is reproducible to the byte, and shrinking keeps the violation', async () => {
    const faulty = { ...system, ...withoutTimers };
    const { failed } = await simulateSeeds({
      seed: 1,
      seeds: 60,
      days: 2,
      crons: 5,
      system: faulty,
      onSeed: ({ failed: failures }) => failures.length === 0,
    });
    const [{ seed, result } = { seed: 0, result: undefined }] = failed;
    if (!result) throw new Error('No seed detected the faulty system.');
    const options = { seed, days: 2, crons: 5, system: faulty };
    const report = await reportViolation(options);
    expect(await reportViolation(options)).toBe(report);
    expect(report).toMatch(/^VIOLATION: /);
    expect(report).toContain(`npm run simulate -- --seed ${seed} --days 2 --crons 5`);
    const shrunk = await shrink(options, result, 40);
    expect(shrunk.result.violation?.invariant).toBe(result.violation?.invariant);
    expect(shrunk.options.crons).toBeLessThan(options.crons);
    const injected = (faults: ReadonlyMap<string, number>) =>
      [...faults.values()].reduce((sum, count) => sum + count, 0);
    expect(injected(shrunk.result.faults)).toBeLessThanOrEqual(injected(result.faults));
  });
});
