/** The Target of a local folder, whose crontab another process runs, or none. */
import { accessSync, constants, statSync } from 'node:fs';
import { type Finding, targetFinding, versionFinding } from '../../core/domain/finding.ts';
import { type ResyncPorts, resync } from '../../core/engine/resync.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Target } from '../../core/ports/target.ts';
import { systemClock } from '../system-clock.ts';
import { version } from '../version.ts';
import { examineFiles } from './examine-files.ts';
import { FileCatalogue } from './file-catalogue.ts';
import { folderNames } from './folder.ts';
import { FolderDoor } from './folder-door.ts';
import { readFolderLimits } from './folder-limits.ts';
import type { Listener } from './local-events.ts';
import type { LocalScheduler } from './local-scheduler.ts';
import { logFailure, losses } from './log-folder.ts';
import { noTimers } from './no-timers.ts';
import { type LaptopOptions, openLaptop } from './open-laptop.ts';

export type FolderOptions = Pick<LaptopOptions, 'runners' | 'logger'>;

/** A scheduler has read each changed file of a runner after this time, in milliseconds. */
const FOLLOWED_MS = 10_000;

export interface FolderPlace extends Target {
  /** Calls the listener with each event of this process, until the returned function is called. */
  subscribe(listen: Listener): () => void;
}

/** Creates the folder if needed. Throws ConfigurationError if its state cannot be opened. */
export async function openFolderTarget(dir: string, options: FolderOptions): Promise<FolderPlace> {
  const { laptop, ports } = openLaptop(dir, options);
  // The process that runs the crontab follows the files; without one, they may have changed unnoticed.
  const isRunning = laptop.lockHolder !== undefined;
  if (isRunning) await laptop.readCatalogue();
  else {
    // The runners of the program decide which crons are valid, and are compared with nothing.
    const isKnown = Object.keys(options.runners ?? {}).length === 0;
    await laptop.refresh(isKnown ? (ports) => laptop.knownFiles.projectChanges(ports) : undefined);
  }
  return {
    ...folderNames(dir),
    ...(isRunning ? {} : { note: `The scheduler is not running. Start it: cloudtab start --dir ${dir}` }),
    ports,
    maintenance: {
      isRunning,
      findings: () => findingsOf(dir, laptop),
      repair: (repairLogger) => (isRunning ? resync(beside(laptop, repairLogger)) : laptop.refresh()),
    },
    subscribe: (listen) => laptop.events.subscribe(listen),
    [Symbol.asyncDispose]: () => laptop.stop(),
  };
}

/**
 * The ports of a resync beside the process that runs the crontab. The timers belong to that process, which creates the
 * missing ones within a minute.
 */
function beside({ ports }: LocalScheduler, logger: Logger): ResyncPorts {
  return { ...ports, queue: noTimers(ports.store), logger };
}

async function findingsOf(dir: string, { lockHolder, folder }: LocalScheduler): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (lockHolder === undefined) {
    findings.push(targetFinding('The scheduler is not running', `Run: cloudtab start --dir ${dir}`));
  }
  const door = new FolderDoor(dir).current();
  const own = version();
  if (door && door.version !== own) {
    const fix = 'Stop "cloudtab start" and start it again.';
    findings.push(versionFinding(`The scheduler, process ${door.pid},`, door.version, { own, fix }));
  }
  try {
    accessSync(folder.parameters, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    const what = `You cannot read and write the folder ${folder.parameters}.`;
    findings.push(targetFinding(what, `Run: chmod u+rwx ${folder.parameters}`));
  }
  const catalogue = await new FileCatalogue(folder.catalogue).read();
  const runnerFiles = catalogue?.runners.flatMap(({ file }) => file ?? []) ?? [];
  findings.push(...examineFiles(folder, runnerFiles));
  if (lockHolder !== undefined) findings.push(...staleRunners(folder.catalogue, runnerFiles));
  for (const problem of readFolderLimits(dir).problems) {
    const what = `The limits in ${folder.settings} are not valid, so nothing is allowed: ${problem.where}: got ${problem.got}, wanted ${problem.wanted}.`;
    findings.push(targetFinding(what, problem.fix));
  }
  const failure = logFailure(folder.logs, systemClock.now());
  if (failure !== undefined) {
    const what = `Log lines are lost: the log folder ${folder.logs} cannot be written: ${failure}.`;
    findings.push(targetFinding(what, 'Free disk space, or make the folder and its files writable.'));
  }
  const lost = losses(folder.logs);
  if (lost) {
    const what = `${lost.count} log line(s) could not be written to ${folder.logs} and are lost.`;
    const fix = `Check the free disk space and the permissions of the folder, then delete ${lost.file}.`;
    findings.push(targetFinding(what, fix));
  }
  return findings;
}

/** Files that the scheduler has not read since they were changed, which takes it a second. */
function staleRunners(catalogue: string, files: readonly string[]): Finding[] {
  const [readAt = 0] = changedAt(catalogue);
  return files
    .filter((file) => changedAt(file).some((at) => at > readAt && at < systemClock.now() - FOLLOWED_MS))
    .map((file) => {
      const what = `${file} was changed, and the scheduler has not read it since: crons are validated by its settings of before, and runs use it as it is.`;
      return targetFinding(what, 'Stop "cloudtab start" and start it again.');
    });
}

/** Empty if there is no such file. */
function changedAt(file: string): number[] {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? [stats.mtimeMs] : [];
}
