/**
 * `npm run chaos -- --seconds N --seed N --crons C --pace P`: runs a crontab with the real command, kills its process
 * with SIGKILL at random moments, and restarts it. Meanwhile other processes force runs, and some of those are killed
 * too. Then other schedulers live through a full disk, a log folder that is gone, a lack of file descriptors and the loss
 * of their state, the file of a runner is edited while it runs, and runners misbehave in each way at once. At the end an
 * oracle checks that no planned occurrence was lost or executed twice.
 *
 * A real minute has one full minute, so the command's clock runs faster; `--pace 1` is real time. The seed determines
 * the crontab and the times of the kills, but not which instruction a kill interrupts.
 *
 * Exit status: 0 without violations, 1 with violations, 130 when interrupted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Prng } from '../simulation/prng.ts';
import { ChaosRun } from './chaos-run.ts';
import { type EditResult, runEdited } from './edit-run.ts';
import { fastClock } from './fast-clock.ts';
import { History } from './history.ts';
import { runMisbehaved } from './misbehaved-run.ts';
import { findViolations } from './oracle.ts';
import { Processes } from './processes.ts';
import { formatReport } from './report.ts';
import { runTrouble, runWithoutState, type TroubleOptions } from './trouble-run.ts';
import { TROUBLES } from './troubles.ts';
import { drawWorkload, writeWorkload } from './workload.ts';

const USAGE = `npm run chaos -- [options]
  --seconds N    how long to kill processes (60)
  --seed N       determines the crontab and the times of the kills (random)
  --crons C      number of crons (40)
  --edits N      for how many seconds to edit a runner while it runs (10)
  --pace P       how many times faster than real time the crontab's clock runs (30)`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    crons: { type: 'string', default: '40' },
    pace: { type: 'string', default: '30' },
    edits: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const seconds = positiveNumber('seconds', values.seconds);
  const seed = positiveNumber('seed', values.seed);
  const cronCount = positiveNumber('crons', values.crons);
  const pace = positiveNumber('pace', values.pace);
  const editSeconds = positiveNumber('edits', values.edits);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const root = mkdtempSync(join(tmpdir(), 'cloudtab-chaos-'));
  // The folders are removed on interruption too, but kept for inspection after a violation.
  const removeRoot = () => rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeRoot);
  console.log(`Chaos run of ${seconds} s with seed ${seed}: ${cronCount} crons at ${pace} times real time.`);
  const violations = [
    ...(await kill({ seconds, seed, cronCount, pace, dir: join(root, 'killed') })),
    ...(await trouble({ seed, pace, dir: root })),
    ...reported(await runEdited(join(root, 'edited'), editSeconds)),
    ...reported(await runMisbehaved(join(root, 'misbehaved'))),
  ];
  if (violations.length === 0) return 0;
  process.removeListener('exit', removeRoot);
  console.log(`The folders of the crontabs are kept for inspection: ${root}`);
  return 1;
}

interface KillOptions extends TroubleOptions {
  readonly seconds: number;
  readonly cronCount: number;
}

/** Kills a scheduler again and again. Prints a report and returns the violations. */
async function kill({ seconds, seed, cronCount, pace, dir }: KillOptions): Promise<string[]> {
  const crons = drawWorkload(new Prng(seed, 'crons'), cronCount);
  writeWorkload(dir, crons);
  const clock = fastClock(pace);
  const history = new History(dir, crons);
  const run = new ChaosRun({ seed, pace, clock, crons, history, processes: new Processes(dir, clock) });
  const result = await run.run(seconds);
  const histories = await history.crons(result.forcedRuns, history.loggedStarts());
  const violations = [...result.violations, ...histories.flatMap(findViolations)];
  console.log(formatReport(result, histories, violations));
  return violations;
}

/** Prints a report and returns the violations. */
function reported({ summary, violations }: EditResult): readonly string[] {
  console.log(`\n${[summary, ...violations].join('\n  ')}`);
  return violations;
}

/** Runs a scheduler for each trouble, all at once. Prints a report and returns the violations. */
async function trouble({ dir, ...options }: TroubleOptions): Promise<string[]> {
  console.log('\nSchedulers in trouble:');
  const gone = runWithoutState({ ...options, dir: join(dir, 'gone') });
  const results = await Promise.all(
    TROUBLES.map((one, index) => runTrouble(one, { ...options, dir: join(dir, `trouble-${index}`) })),
  );
  for (const { summary } of results) console.log(`  ${summary}`);
  const violations = [...results.flatMap((result) => result.violations), ...(await gone)];
  console.log(
    violations.length === 0
      ? '  state removed: the process stopped with words\nNo occurrence was lost or duplicated.'
      : `${violations.length} violation(s):\n${violations.map((text) => `  ${text}`).join('\n')}`,
  );
  return violations;
}

function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, got "${text}".\n${USAGE}`);
  return value;
}
