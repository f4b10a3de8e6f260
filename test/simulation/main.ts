/**
 * `npm run simulate -- --seed N --days D --crons C --seeds K`: plays K seeds from N on, and tells and shrinks the story
 * of the first that violates an invariant. Ends with 1 when one did.
 */
import { parseArgs } from 'node:util';
import { KINDS, type Kind } from './faults.ts';
import { simulateSeeds, summary, type Totals } from './seeds.ts';
import { shrink } from './shrink.ts';
import { system } from './system.ts';
import { tellViolation } from './tell.ts';
import type { WorldOptions } from './world.ts';

const USAGE = `npm run simulate -- [options]
  --seed N       the first seed (1)
  --seeds K      how many seeds (1)
  --days D       simulated days of each (4)
  --crons C      crons of each (6)
  --without A,B  kinds of faults that do not happen: ${KINDS.join(', ')}
  --faults F     only the first F faults of a seed happen
  --spare N,M-P  faults that do not happen, by number
  --no-shrink    tell a failing seed's story as it is
  --keep-going   play all seeds, also after one that fails`;

const PROGRESS_EVERY = 5_000;

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
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const options = optionsGiven();
  const seeds = numberGiven('seeds', values.seeds);
  const began = performance.now();
  const totals = await simulateSeeds({ ...options, seeds, onSeed: progress(seeds, began) });
  console.log(summary(totals, options.crons, (performance.now() - began) / 1000));
  const [first] = totals.failed;
  if (!first) return 0;
  const failing = { ...options, seed: first.seed };
  if (values['no-shrink']) {
    console.log(`\n${await tellViolation(failing)}`);
    return 1;
  }
  const { options: short, played } = await shrink(failing, first.outcome);
  console.log(`\nShrunk by playing it ${played} times:\n\n${await tellViolation(short)}`);
  return 1;
}

function optionsGiven(): WorldOptions {
  const kinds = listGiven(values.without);
  const unknown = kinds.filter((kind) => !(KINDS as readonly string[]).includes(kind));
  if (unknown.length > 0) throw new Error(`No such kind of fault: ${unknown.join(', ')}.\n${USAGE}`);
  return {
    system,
    seed: numberGiven('seed', values.seed),
    days: numberGiven('days', values.days),
    crons: numberGiven('crons', values.crons),
    without: new Set(kinds as Kind[]),
    spared: new Set(listGiven(values.spare).flatMap(numbersOf)),
    ...(values.faults === undefined ? {} : { most: Number(values.faults) }),
  };
}

function numberGiven(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} has to be a number above 0, not "${text}".\n${USAGE}`);
  return value;
}

function listGiven(text = ''): string[] {
  return text.split(',').filter((item) => item !== '');
}

/** `3-5` is 3, 4 and 5. */
function numbersOf(range: string): number[] {
  const [from = 0, to = from] = range.split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** Goes on until a seed fails, and says now and then how far it is. */
function progress(seeds: number, began: number): (totals: Totals) => boolean {
  let told = began;
  return (totals) => {
    const now = performance.now();
    if (now - told > PROGRESS_EVERY) {
      told = now;
      const seedsFailed = totals.failed.map(({ seed }) => seed).join(', ');
      const failed = seedsFailed === '' ? '' : `, violated by ${seedsFailed}`;
      console.error(`${totals.seeds} of ${seeds} seeds in ${Math.round((now - began) / 1000)} s${failed}`);
    }
    return values['keep-going'] || totals.failed.length === 0;
  };
}
