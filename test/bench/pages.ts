/** The pages of a site with a hundred crons, beside Hono's smallest answer. */

import { Hono } from 'hono';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { inTempFolder, writeCrons } from '../support/local-crontab.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { type Comparison, compareTimes, medians, timed } from './comparison.ts';

const ROUNDS = 30;
const PAGES = ['/sites/default', '/sites/default/crons/cron-00042', '/api/sites/default/crons'];

export function comparePages(): Promise<Comparison[]> {
  return inTempFolder(async (dir) => {
    writeCrons(dir, 100, { name: 'heartbeat', periodicity: '*/5 * * * *' });
    const scheduler = new LocalScheduler({
      dir,
      clock: systemClock,
      random: systemRandom,
      logger: new MemoryLogger(),
      runners: {},
      limits: folderLimits(dir),
    });
    await scheduler.refresh();
    const app = makeApp(makeDoor(scheduler.ports));
    const hello = new Hono().get('/', (context) => context.text('Hello Hono!'));
    const works = PAGES.map((path) => [path, () => timed(() => answer(app, path))] as const);
    const ms = await medians<string>(ROUNDS, {
      ...Object.fromEntries(works),
      hello: () => timed(() => answer(hello, '/')),
    });
    await scheduler.stop();
    const baseline = { name: "Hono's hello", ms: ms.hello ?? Number.NaN };
    return PAGES.map((path) => compareTimes(`GET ${path}`, ms[path] ?? Number.NaN, baseline));
  });
}

async function answer(
  app: { request(path: string): Promise<Response> | Response },
  path: string,
): Promise<void> {
  const response = await app.request(path);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  await response.text();
}
