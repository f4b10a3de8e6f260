/** The crontab of a folder in a process of this computer, with the ports of the operations on it. */
import type { Logger } from '../../core/ports/logger.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { systemClock } from '../system-clock.ts';
import { systemRandom } from '../system-random.ts';
import { acceptRun } from './accept-run.ts';
import { fileLogger } from './file-logger.ts';
import { FileRunOutput } from './file-run-output.ts';
import { folderOf } from './folder.ts';
import { folderLimits } from './folder-limits.ts';
import { readRetention } from './folder-settings.ts';
import { LocalScheduler, type LocalSchedulerOptions } from './local-scheduler.ts';
import { LogFolder } from './log-folder.ts';
import { userName } from './user-name.ts';

/** `logger` receives the log beside the log folder. */
export interface LaptopOptions extends Pick<LocalSchedulerOptions, 'runners' | 'runnerFolder'> {
  readonly logger: Logger;
  /** How long run records are kept, in days. Default: as the folder's settings have it. */
  readonly retentionDays?: number | undefined;
}

/** Creates the folder if needed. Throws ConfigurationError if its state cannot be opened. */
export function openLaptop(
  dir: string,
  { logger, retentionDays = readRetention(dir), ...runners }: LaptopOptions,
): { readonly laptop: LocalScheduler; readonly ports: OperationPorts } {
  const { logs } = folderOf(dir);
  const laptop = new LocalScheduler({
    ...runners,
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: fileLogger(new LogFolder(logs), systemClock, logger),
    limits: folderLimits(dir),
    retentionDays,
  });
  const queue: OperationPorts['queue'] = { deliver: (delivery) => acceptRun(laptop, delivery) };
  return { laptop, ports: { ...laptop.ports, queue, by: userName(), output: new FileRunOutput(logs) } };
}
