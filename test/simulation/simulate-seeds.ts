/** Simulates several seeds one after the other and sums up their results. */
import { DAY } from './durations.ts';
import { RARE_STATES } from './rare-states.ts';
import { type SimulationOptions, type SimulationResult, simulate } from './simulation.ts';

/** Sums over several seeds. */
export interface Totals {
  seeds: number;
  simulatedMilliseconds: number;
  processedEvents: number;
  readonly counts: Map<string, number>;
  readonly checks: Map<string, number>;
  readonly faults: Map<string, number>;
  /** The seeds that violated an invariant. */
  readonly failed: { readonly seed: number; readonly result: SimulationResult }[];
}

interface SeedsOptions extends Omit<SimulationOptions, 'trace'> {
  readonly seeds: number;
  /** Called after each seed; returns whether to continue. */
  readonly onSeed?: (totals: Totals) => boolean;
}

/** Simulates `seeds` seeds, beginning with `seed`. */
export async function simulateSeeds({ seeds, onSeed, ...options }: SeedsOptions): Promise<Totals> {
  const totals: Totals = {
    seeds: 0,
    simulatedMilliseconds: 0,
    processedEvents: 0,
    counts: new Map(),
    checks: new Map(),
    faults: new Map(),
    failed: [],
  };
  for (let seed = options.seed; seed < options.seed + seeds; seed++) {
    const result = await simulate({ ...options, seed });
    totals.seeds += 1;
    totals.simulatedMilliseconds += result.end - result.start;
    totals.processedEvents += result.processedEvents;
    addTo(totals.counts, result.counts);
    addTo(totals.checks, result.checks);
    addTo(totals.faults, result.faults);
    if (result.violation) totals.failed.push({ seed, result });
    if (onSeed && !onSeed(totals)) break;
  }
  return totals;
}

function addTo(sums: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
}

/** The totals as text. `seconds` is the real time that the simulation took. */
export function formatTotals(totals: Totals, crons: number, seconds: number): string {
  const years = totals.simulatedMilliseconds / (365 * DAY);
  const checks = [...totals.checks.values()].reduce((sum, count) => sum + count, 0);
  const speed = Math.round(totals.simulatedMilliseconds / 1000 / seconds);
  return [
    `${totals.seeds} seeds, ${years.toFixed(2)} simulated years of ${crons} crons in ${seconds.toFixed(1)} s: ` +
      `${speed.toLocaleString('en')} times real time, ${totals.processedEvents.toLocaleString('en')} events`,
    '',
    'Counts:',
    ...table(new Map([...totals.counts].filter(([name]) => !RARE_STATES.includes(name)))),
    '',
    'Rare states:',
    ...table(new Map(RARE_STATES.map((name) => [name, totals.counts.get(name) ?? 0]))),
    '',
    'Injected faults:',
    ...table(totals.faults),
    '',
    'Checked invariants:',
    ...table(totals.checks),
    `${checks.toLocaleString('en')} checks in total`,
    '',
    totals.failed.length === 0
      ? 'No invariant was violated.'
      : `VIOLATION in ${totals.failed.length} seeds: ${totals.failed.map(({ seed }) => seed).join(', ')}`,
  ].join('\n');
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `  ${count.toLocaleString('en').padStart(12)}  ${name}`);
}
