/** The crontab of a folder in a process of this computer, with the ports of the operations on it. */
import type { Logger } from '../../core/ports/logger.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { systemClock } from '../system-clock.ts';
import { systemRandom } from '../system-random.ts';
import { acceptRun } from './accept-run.ts';
import { fileLogger } from './file-logger.ts';
import { FileRunOutput } from './file-run-output.ts';
import { folderOf } from './folder.ts';
import { folderLimits } from './folder-limits.ts';
import { readRetention } from './folder-settings.ts';
import { LocalScheduler } from './local-scheduler.ts';
import { LogFolder } from './log-folder.ts';
import { userName } from './user-name.ts';

export interface LaptopOptions {
  /** Receives the log beside the log folder, where the output of runs belongs. */
  readonly logger: Logger;
  /** The runners of the program, by name; they run in this process. Default: none. */
  readonly runners?: Readonly<Record<string, RunnerClass>>;
  /** The folder with a file for each of the user's runners. Default: none. */
  readonly runnerFolder?: string;
  /** How long run records are kept, in days. Default: as the folder's settings have it. */
  readonly retentionDays?: number | undefined;
}

/** Creates the folder if needed. Throws ConfigurationError if its state cannot be opened. */
export function openLaptop(
  dir: string,
  { logger, runners = {}, runnerFolder, retentionDays = readRetention(dir) }: LaptopOptions,
): { readonly laptop: LocalScheduler; readonly ports: OperationPorts } {
  const { logs } = folderOf(dir);
  const laptop = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: fileLogger(new LogFolder(logs), systemClock, logger),
    runners,
    ...(runnerFolder !== undefined && { runnerFolder }),
    limits: folderLimits(dir),
    retentionDays,
  });
  const queue: OperationPorts['queue'] = { deliver: (delivery) => acceptRun(laptop, delivery) };
  return { laptop, ports: { ...laptop.ports, queue, by: userName(), output: new FileRunOutput(logs) } };
}
