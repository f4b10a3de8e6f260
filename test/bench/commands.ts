/** Commands of the built package, beside a Node process that does nothing. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inTempFolder, writeCrons } from '../support/local-crontab.ts';
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
    const scheduler = await start(command, crons);
    const running = await medians(ROUNDS, {
      nothing: () => node('-e', '0'),
      ls: () => cloudtab('ls', '--dir', crons),
    });
    scheduler.kill();
    await once(scheduler, 'exit');
    const besides = ({ nothing }: { readonly nothing: number }) => ({ name: 'node -e 0', ms: nothing });
    return [
      compareTimes('cloudtab --version', stopped.version, besides(stopped), LIMITS.version),
      compareTimes('completion of a word', stopped.completion, besides(stopped), LIMITS.completion),
      compareTimes('ls of 100 crons beside a scheduler', running.ls, besides(running), LIMITS.running),
      compareTimes('ls of 100 crons without one', stopped.ls, besides(stopped), LIMITS.stopped),
    ];
  });
}

/** Starts a scheduler in a process of its own, and returns it when it answers. */
async function start(command: string, crons: string): Promise<ChildProcess> {
  const words = ['start', '--dir', crons, '--port', '0', '--no-browser', '--json'];
  const scheduler = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const text of scheduler.stdout.setEncoding('utf8')) if (text.includes('"address"')) break;
  return scheduler;
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
