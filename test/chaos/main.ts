/**
 * `npm run chaos -- --seconds N --seed N --crons C --pace P`: runs a crontab with the real command, kills its process
 * with SIGKILL at random moments, and restarts it. Meanwhile other processes force runs, and some of those are killed
 * too. At the end an oracle checks that no planned occurrence was lost or executed twice.
 *
 * A real minute has one full minute, so the command's clock runs faster; `--pace 1` is real time. The seed determines
 * the crontab and the times of the kills, but not which instruction a kill interrupts.
 *
 * Exit status: 0 without violations, 1 with violations, 130 when interrupted.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { parameterFile } from '../../lib/adapters/local/parameter-files.ts';
import { DEFAULT_SITE } from '../../lib/core/domain/names.ts';
import { Prng } from '../simulation/prng.ts';
import { ChaosRun } from './chaos-run.ts';
import { fastClock } from './fast-clock.ts';
import { History } from './history.ts';
import { findViolations } from './oracle.ts';
import { Processes } from './processes.ts';
import { formatReport } from './report.ts';
import { drawWorkload, type WorkloadCron } from './workload.ts';

const USAGE = `npm run chaos -- [options]
  --seconds N    how long to kill processes (60)
  --seed N       determines the crontab and the times of the kills (random)
  --crons C      number of crons (40)
  --pace P       how many times faster than real time the crontab's clock runs (30)`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    crons: { type: 'string', default: '40' },
    pace: { type: 'string', default: '30' },
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  console.log(`Chaos run of ${seconds} s with seed ${seed}: ${cronCount} crons at ${pace} times real time.`);
  const dir = mkdtempSync(join(tmpdir(), 'cloudtab-chaos-'));
  const crons = drawWorkload(new Prng(seed, 'crons'), cronCount);
  writeParameterFiles(dir, crons);
  const clock = fastClock(pace);
  const history = new History(dir, crons);
  const run = new ChaosRun({ seed, pace, clock, crons, history, processes: new Processes(dir, clock) });
  // The folder is removed on interruption too, but kept for inspection after a violation.
  const removeFolder = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeFolder);
  const result = await run.run(seconds);
  const histories = await history.crons(result.forcedRuns);
  const violations = [...result.violations, ...histories.flatMap(findViolations)];
  console.log(formatReport(result, histories, violations));
  if (violations.length === 0) return 0;
  process.removeListener('exit', removeFolder);
  console.log(`The crontab's folder is kept for inspection: ${dir}`);
  return 1;
}

function writeParameterFiles(dir: string, crons: readonly WorkloadCron[]): void {
  for (const { uid, definition } of crons) {
    const file = parameterFile(folderOf(dir).parameters, { site: DEFAULT_SITE, uid });
    if (!file) throw new Error(`No parameter file for ${uid}.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(definition));
  }
}

function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, got "${text}".\n${USAGE}`);
  return value;
}
