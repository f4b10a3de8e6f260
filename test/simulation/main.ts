/**
 * `npm run simulate -- --seed N --seeds K --days D --crons C`: simulates K seeds from N on; shrinks and reports the
 * first one that violates an invariant. Exit status: 0 without violations, 1 with violations.
 */
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './nemesis.ts';
import { reportHerd } from './report-herd.ts';
import { reportViolation } from './report-violation.ts';
import { shrink } from './shrink.ts';
import { formatTotals, simulateSeeds, type Totals } from './simulate-seeds.ts';
import type { SimulationOptions } from './simulation.ts';
import { system } from './system.ts';

const USAGE = `npm run simulate -- [options]
  --seed N       first seed (1)
  --seeds K      number of seeds (1)
  --days D       simulated days of each seed (4)
  --crons C      number of crons (6)
  --without A,B  kinds of faults that are not injected: ${FAULT_KINDS.join(', ')}
  --faults F     inject only the first F faults of a seed
  --spare N,M-P  numbers of faults that are not injected
  --no-shrink    report a failing seed without shrinking it
  --keep-going   continue after a failing seed
  --herd N       instead of seeds: N crons that are due at one instant on N/1000 sites, under quotas of AWS`;

const PROGRESS_INTERVAL_MS = 5_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    days: { type: 'string', default: '4' },
    crons: { type: 'string', default: '6' },
    without: { type: 'string' },
    faults: { type: 'string' },
    spare: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
    herd: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  if (values.herd !== undefined) {
    const crons = positiveNumber('herd', values.herd);
    return (await reportHerd(crons, Math.ceil(crons / 1000))) ? 0 : 1;
  }
  const options = parseOptions();
  const seeds = positiveNumber('seeds', values.seeds);
  const startedAt = performance.now();
  const totals = await simulateSeeds({ ...options, seeds, onSeed: progressPrinter(seeds, startedAt) });
  console.log(formatTotals(totals, options.crons, (performance.now() - startedAt) / 1000));
  const [first] = totals.failed;
  if (!first) return 0;
  const failing = { ...options, seed: first.seed };
  if (values['no-shrink']) {
    console.log(`\n${await reportViolation(failing)}`);
    return 1;
  }
  const { options: shrunk, attempts } = await shrink(failing, first.result);
  console.log(`\nShrunk in ${attempts} attempts:\n\n${await reportViolation(shrunk)}`);
  return 1;
}

function parseOptions(): SimulationOptions {
  const kinds = parseList(values.without);
  const unknown = kinds.filter((kind) => !(FAULT_KINDS as readonly string[]).includes(kind));
  if (unknown.length > 0) throw new Error(`Unknown kind of fault: ${unknown.join(', ')}.\n${USAGE}`);
  return {
    system,
    seed: positiveNumber('seed', values.seed),
    days: positiveNumber('days', values.days),
    crons: positiveNumber('crons', values.crons),
    without: new Set(kinds as FaultKind[]),
    skippedFaults: new Set(parseList(values.spare).flatMap(parseRange)),
    ...(values.faults === undefined ? {} : { maxFaults: Number(values.faults) }),
  };
}

function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, got "${text}".\n${USAGE}`);
  return value;
}

function parseList(text = ''): string[] {
  return text.split(',').filter((item) => item !== '');
}

/** `3-5` is 3, 4 and 5. */
function parseRange(range: string): number[] {
  const [from = 0, to = from] = range.split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** Prints progress at intervals; continues until a seed fails, or with --keep-going through all seeds. */
function progressPrinter(seeds: number, startedAt: number): (totals: Totals) => boolean {
  let printedAt = startedAt;
  return (totals) => {
    const now = performance.now();
    if (now - printedAt > PROGRESS_INTERVAL_MS) {
      printedAt = now;
      const failedSeeds = totals.failed.map(({ seed }) => seed).join(', ');
      const suffix = failedSeeds === '' ? '' : `, failed: ${failedSeeds}`;
      console.error(
        `${totals.seeds} of ${seeds} seeds in ${Math.round((now - startedAt) / 1000)} s${suffix}`,
      );
    }
    return values['keep-going'] || totals.failed.length === 0;
  };
}
