/** Commands of the built package, beside a Node process that does nothing. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { inTempFolder, writeCrons } from '../support/local-crontab.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { type Comparison, compareTimes, medians, timed } from './comparison.ts';

const ROOT = join(import.meta.dirname, '../..');
const ROUNDS = 15;

/** The most that a command may take, in times of `node -e 0`. */
const LIMITS = { version: 2, completion: 3, running: 3, stopped: 6 };

export function compareCommands(): Promise<Comparison[]> {
  return inTempFolder(async (folder) => {
    const command = installed(folder);
    const crons = join(folder, 'crons');
    writeCrons(crons, 100, { name: 'heartbeat', periodicity: '*/5 * * * *' });
    const node = (...args: string[]) => timed(() => execFileSync(process.execPath, args, { cwd: folder }));
    const cloudtab = (...args: string[]) => node(command, ...args);
    const stopped = await medians(ROUNDS, {
      nothing: () => node('-e', '0'),
      version: () => cloudtab('--version'),
      completion: () => cloudtab('__complete', '--', 'l'),
      ls: () => cloudtab('ls', '--dir', crons),
    });
    const scheduler = new LocalScheduler({
      dir: crons,
      clock: systemClock,
      random: systemRandom,
      logger: new MemoryLogger(),
      runners: {},
      limits: folderLimits(crons),
    });
    await scheduler.start();
    const running = await medians(ROUNDS, {
      nothing: () => node('-e', '0'),
      ls: () => cloudtab('ls', '--dir', crons),
    });
    await scheduler.stop();
    const besides = ({ nothing }: { readonly nothing: number }) => ({ name: 'node -e 0', ms: nothing });
    return [
      compareTimes('cloudtab --version', stopped.version, besides(stopped), LIMITS.version),
      compareTimes('completion of a word', stopped.completion, besides(stopped), LIMITS.completion),
      compareTimes('ls of 100 crons beside a scheduler', running.ls, besides(running), LIMITS.running),
      compareTimes('ls of 100 crons without one', stopped.ls, besides(stopped), LIMITS.stopped),
    ];
  });
}

/** Builds the package into a project, and returns its command. */
function installed(project: string): string {
  const modules = join(project, 'node_modules');
  const own = join(modules, 'cloudtab');
  mkdirSync(join(own, 'bin'), { recursive: true });
  execFileSync(process.execPath, [join(ROOT, 'bin/build.ts'), join(own, 'dist')]);
  for (const file of ['package.json', 'bin/cloudtab.js']) cpSync(join(ROOT, file), join(own, file));
  symlinkSync(join(ROOT, 'node_modules'), join(own, 'node_modules'));
  return join(own, 'bin/cloudtab.js');
}
