/** The scheduler of a folder in the process of the test, on the clock of the system. */
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { MemoryLogger } from './memory-logger.ts';

/** Disposing of it stops it. */
export async function runFolder(
  dir: string,
  logger = new MemoryLogger(),
): Promise<Pick<LocalScheduler, 'ports'> & AsyncDisposable> {
  const scheduler = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger,
    runners: {},
    limits: folderLimits(dir),
  });
  await scheduler.start();
  return { ports: scheduler.ports, [Symbol.asyncDispose]: () => scheduler.stop() };
}
