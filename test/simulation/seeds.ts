/** Many seeds, one after the other, and what they came to. */
import { DAY } from './definition.ts';
import { type Outcome, simulate, type WorldOptions } from './world.ts';

/** Sums of many seeds. */
export interface Totals {
  seeds: number;
  simulated: number;
  moments: number;
  readonly counts: Map<string, number>;
  readonly checks: Map<string, number>;
  readonly faults: Map<string, number>;
  /** Seeds that violated an invariant. */
  readonly failed: { readonly seed: number; readonly outcome: Outcome }[];
}

interface SeedsOptions extends Omit<WorldOptions, 'story'> {
  readonly seeds: number;
  /** Told after each seed; returns whether to go on. */
  readonly onSeed?: (totals: Totals) => boolean;
}

/** Runs the seeds from `seed` on. */
export async function simulateSeeds({ seeds, onSeed, ...options }: SeedsOptions): Promise<Totals> {
  const totals: Totals = {
    seeds: 0,
    simulated: 0,
    moments: 0,
    counts: new Map(),
    checks: new Map(),
    faults: new Map(),
    failed: [],
  };
  for (let seed = options.seed; seed < options.seed + seeds; seed++) {
    const outcome = await simulate({ ...options, seed });
    totals.seeds += 1;
    totals.simulated += outcome.end - outcome.start;
    totals.moments += outcome.moments;
    addTo(totals.counts, outcome.counts);
    addTo(totals.checks, outcome.checks);
    addTo(totals.faults, outcome.faults);
    if (outcome.violation) totals.failed.push({ seed, outcome });
    if (onSeed && !onSeed(totals)) break;
  }
  return totals;
}

function addTo(sums: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [name, count] of more) sums.set(name, (sums.get(name) ?? 0) + count);
}

/** The sums as a person reads them. `seconds` is how long it took. */
export function summary(totals: Totals, crons: number, seconds: number): string {
  const years = totals.simulated / (365 * DAY);
  const sum = [...totals.checks.values()].reduce((total, count) => total + count, 0);
  const speed = Math.round(totals.simulated / 1000 / seconds);
  return [
    `${totals.seeds} seeds, ${years.toFixed(2)} simulated years of ${crons} crons in ${seconds.toFixed(1)} s: ` +
      `${speed.toLocaleString('en')} simulated seconds in one, ${totals.moments.toLocaleString('en')} moments`,
    '',
    'What came about:',
    ...table(totals.counts),
    '',
    'What was injected:',
    ...table(totals.faults),
    '',
    'Invariants that were checked:',
    ...table(totals.checks),
    `${sum.toLocaleString('en')} checks in all`,
    '',
    totals.failed.length === 0
      ? 'No invariant was violated.'
      : `VIOLATED by ${totals.failed.length} seeds: ${totals.failed.map(({ seed }) => seed).join(', ')}`,
  ].join('\n');
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `  ${count.toLocaleString('en').padStart(12)}  ${name}`);
}
