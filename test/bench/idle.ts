/** A local crontab that reads many new files and then has nothing to do. */

import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { inTempFolder, writeCrons } from '../support/local-crontab.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { type Comparison, figure, percentile, timed } from './comparison.ts';

const CRONS = 10_000;
const NEW_CRONS = 1_000;
/** Contains a sweep, which comes each minute. */
const IDLE_MS = 62_000;
const MAX_IDLE_PERCENT = 2;
const MAX_ANSWER_MS = 1_000;
const ONCE_A_YEAR = { name: 'heartbeat', periodicity: '0 0 29 2 *' };

export async function compareIdle(): Promise<Comparison[]> {
  return [await inTempFolder(idle), await inTempFolder(answersWhileReading)];
}

async function idle(dir: string): Promise<Comparison> {
  writeCrons(dir, CRONS, ONCE_A_YEAR);
  const scheduler = newScheduler(dir);
  await scheduler.start();
  await scheduler.idle();
  const before = process.cpuUsage();
  await wait(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  await scheduler.stop();
  const percent = ((user + system) / 1000 / IDLE_MS) * 100;
  return {
    what: `processor of an idle crontab of ${CRONS.toLocaleString('en')} files`,
    measured: `${percent.toFixed(1)} %`,
    baseline: '',
    limit: `${MAX_IDLE_PERCENT} %`,
    isWithin: percent <= MAX_IDLE_PERCENT,
  };
}

async function answersWhileReading(dir: string): Promise<Comparison> {
  writeCrons(dir, NEW_CRONS, ONCE_A_YEAR);
  const scheduler = newScheduler(dir);
  const app = makeApp(makeDoor(scheduler.ports), { reading: () => scheduler.reading });
  let isReading = true;
  const started = scheduler.start().finally(() => {
    isReading = false;
  });
  const times: number[] = [];
  while (isReading) {
    times.push(await timed(() => turn().then(() => app.request('/sites'))));
  }
  await started;
  await scheduler.stop();
  const what = `the page's slowest answer while ${NEW_CRONS.toLocaleString('en')} new files are read`;
  return figure(what, percentile(times, 0.999), MAX_ANSWER_MS);
}

function newScheduler(dir: string): LocalScheduler {
  return new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: new MemoryLogger(),
    runners: {},
    limits: folderLimits(dir),
  });
}
