/** A local crontab with many crons due in one minute, beside the bare SQL of as many runs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileLogger } from '../../lib/adapters/local/file-logger.ts';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { LogFolder } from '../../lib/adapters/local/log-folder.ts';
import { openDatabase, transact } from '../../lib/adapters/local/sqlite-database.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { inTempFolder, writeCrons } from '../support/local-crontab.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { type Comparison, figure, percentile } from './comparison.ts';
import { MovableClock } from './movable-clock.ts';

const CRONS = 10_000;
const DUE = Date.UTC(2026, 0, 15, 12);

/** The budgets of a herd. */
const MIN_RATE_RATIO = 1 / 3;
const MAX_START_MS = 4_000;
const MAX_BLOCKED_MS = 100;

class Idle extends Runner {
  override async run(): Promise<void> {}
}

interface Herd {
  readonly runsPerSecond: number;
  /** How long after their time the runs started, in milliseconds. */
  readonly startDelays: readonly number[];
  /** The longest time for which the event loop did nothing else, in milliseconds. */
  readonly blockedMs: number;
  /** A job and a record as the store keeps them. */
  readonly job: string;
  readonly record: string;
}

export function compareHerd(): Promise<Comparison[]> {
  return inTempFolder(async (dir) => {
    writeCrons(dir, CRONS, { name: 'idle', periodicity: '0 12 * * *' });
    const herd = await runHerd(dir);
    const sql = bareSql(join(dir, 'bare.sqlite'), herd);
    const ratio = herd.runsPerSecond / sql;
    const start = percentile(herd.startDelays, 0.99);
    const count = CRONS.toLocaleString('en');
    return [
      {
        what: `${count} crons due in one minute`,
        measured: `${Math.round(herd.runsPerSecond)} runs/s`,
        baseline: `their SQL alone ${Math.round(sql)} runs/s`,
        ratio: 1 / ratio,
        limit: `${1 / MIN_RATE_RATIO} ×`,
        isWithin: ratio >= MIN_RATE_RATIO,
      },
      figure(`the start of 99 % of them`, start, MAX_START_MS),
      figure(`the event loop blocked at most`, herd.blockedMs, MAX_BLOCKED_MS),
    ];
  });
}

async function runHerd(dir: string): Promise<Herd> {
  const clock = new MovableClock(DUE - 30 * 60_000);
  const scheduler = new LocalScheduler({
    dir,
    clock,
    random: systemRandom,
    logger: fileLogger(new LogFolder(folderOf(dir).logs, () => {}), clock, new MemoryLogger()),
    runners: { idle: Idle },
    limits: folderLimits(dir),
  });
  const startDelays: number[] = [];
  const ended = Promise.withResolvers<number>();
  let finished = 0;
  scheduler.events.subscribe(({ type }) => {
    if (type === 'StartedCronJob') startDelays.push(clock.now() - DUE);
    if (type === 'FinishedCronJob' && ++finished === CRONS) ended.resolve(clock.now());
  });
  await scheduler.start();
  await scheduler.idle();
  clock.moveTo(DUE - 2_000);
  const longestBlock = watchEventLoop();
  const seconds = ((await ended.promise) - DUE) / 1000;
  const blockedMs = longestBlock();
  await scheduler.stop();
  return { runsPerSecond: CRONS / seconds, startDelays, blockedMs, ...storedTexts(dir) };
}

/** Watches from now on; returns how to end that and get the longest time without a turn of the loop, in milliseconds. */
function watchEventLoop(): () => number {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const interval = setInterval(look, 5);
  return () => {
    look();
    clearInterval(interval);
    return longest;
  };
}

function storedTexts(dir: string): Pick<Herd, 'job' | 'record'> {
  const database = openDatabase(folderOf(dir).database);
  const { body: job } = database.prepare('SELECT body FROM job LIMIT 1').get() as { body: string };
  const { body: record } = database.prepare('SELECT body FROM record LIMIT 1').get() as { body: string };
  database.close();
  return { job, record };
}

/** How many runs a second the two commits of a run allow: one of the job, one of the job with its record. */
function bareSql(path: string, { job, record }: Herd): number {
  const database = openDatabase(path);
  database.exec(`
    CREATE TABLE job (uid TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE record (uid TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (uid, id)) WITHOUT ROWID;
  `);
  const writeJob = database.prepare('INSERT OR REPLACE INTO job VALUES (?, ?)');
  const writeRecord = database.prepare('INSERT INTO record VALUES (?, ?, ?)');
  const start = performance.now();
  for (let number = 0; number < CRONS; number++) {
    const uid = `cron-${number}`;
    transact(database, () => writeJob.run(uid, job));
    transact(database, () => {
      writeJob.run(uid, job);
      writeRecord.run(uid, String(DUE), record);
    });
  }
  const seconds = (performance.now() - start) / 1000;
  database.close();
  rmSync(path, { force: true });
  return CRONS / seconds;
}
