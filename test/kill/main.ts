/**
 * `npm run kill -- --seconds N --seed N --crons C --pace P`: keeps a crontab running with the real command, kills its
 * process with SIGKILL again and again at random moments, and starts it again. Runs are asked for meanwhile, and some
 * of their processes are killed too. Then it gives an account of every planned time: nothing lost, nothing doubled.
 *
 * A minute has one full minute, so the command's clock runs faster: `--pace 1` is the usual one. The seed decides what
 * is in the crontab and when to kill; what is hit by that, no seed can decide.
 *
 * It ends with 0 when all is accounted for, 1 when something is not, 130 when it was stopped.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_SITE } from '../../lib/domain/names.ts';
import { folderOf } from '../../lib/local/folder.ts';
import { parameterFile } from '../../lib/local/parameter-files.ts';
import { Chance } from '../simulation/chance.ts';
import { violations } from './account.ts';
import { fastClock } from './clock.ts';
import { drawSubjects, type Subject } from './crons.ts';
import { Evidence } from './evidence.ts';
import { Processes } from './processes.ts';
import { Siege } from './siege.ts';
import { accountText } from './telling.ts';

const USAGE = `npm run kill -- [options]
  --seconds N    how long to kill (60)
  --seed N       what is in the crontab, and when to kill (by chance)
  --crons C      how many crons (40)
  --pace P       how much faster the crontab's clock runs than ours (30)`;

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
  const seconds = number(values.seconds);
  const seed = number(values.seed);
  const crons = number(values.crons);
  const pace = number(values.pace);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  console.log(
    `Killing for ${seconds} s, seed ${seed}: ${crons} crons, a clock ${pace} times as fast as ours.`,
  );
  const dir = mkdtempSync(join(tmpdir(), 'cloudtab-kill-'));
  const subjects = drawSubjects(new Chance(seed, 'crons'), crons);
  writeCrons(dir, subjects);
  const clock = fastClock(pace);
  const evidence = new Evidence(dir, subjects);
  const siege = new Siege({ seed, pace, clock, subjects, evidence, processes: new Processes(dir, clock) });
  // Also when somebody stops it; what is found to be wrong stays there to be looked at.
  const clean = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', clean);
  const events = await siege.lay(seconds);
  const remains = await evidence.remains(events.asked);
  const found = [...events.violations, ...remains.flatMap(violations)];
  console.log(accountText(events, remains, found));
  if (found.length === 0) return 0;
  process.removeListener('exit', clean);
  console.log(`What is left behind is in ${dir}.`);
  return 1;
}

function writeCrons(dir: string, subjects: readonly Subject[]): void {
  for (const { uid, definition } of subjects) {
    const file = parameterFile(folderOf(dir).parameters, { site: DEFAULT_SITE, uid });
    if (!file) throw new Error(`No file for ${uid}.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(definition));
  }
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`Wanted a number above 0, not "${text}".\n${USAGE}`);
  return value;
}
