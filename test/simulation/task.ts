/** Plays the runs of tasks: how long they take, what they say, and when their process dies. */
import type { RunContext, RunnerResult } from '../../lib/runners/runner.ts';
import { Chance } from './chance.ts';
import { SECRET } from './definition.ts';
import type { Ground, Process } from './lambda.ts';

/** One run as the world saw it. */
export interface Played {
  readonly site: string;
  readonly uid: string;
  /** The planned time, or when a forced run was asked for. */
  readonly at: number;
  readonly runId: string;
  readonly isForced: boolean;
  readonly started: number;
  readonly late: boolean;
  /** The mark of the version that runs. */
  readonly mark: number;
}

/** How a run ended, as its task knows it. */
export type End = 'returned nothing' | 'returned words' | 'failed' | 'was given up' | 'died';

export interface RunWatcher {
  runStarted(run: Played): void;
  runEnded(run: Played, how: End): void;
}

export function playTasks(ground: Ground, seed: number, watcher: RunWatcher) {
  const chance = new Chance(seed, 'tasks');
  const { loop, faults, tell } = ground;
  return (process: Process, { site, cron, at, runId, late, signal }: RunContext): Promise<RunnerResult> => {
    const { mark, takes, fails, password } = cron.environ;
    const run: Played = {
      site,
      uid: cron.uid,
      at,
      runId,
      isForced: runId.startsWith('forced'),
      started: loop.now(),
      late,
      mark: Number(mark),
    };
    const lasts = Math.max(50, Math.round(Number(takes) * 1000 * (0.4 + 1.2 * chance.next())));
    const fate = chance.next();
    // What it still does then counts for nothing: its process stands still once the handler has ended.
    const isDeaf = chance.hit(0.3);
    process.isRunning = true;
    watcher.runStarted(run);
    const dies = faults.befalls('dies-running') ? Math.floor(lasts * chance.next()) : undefined;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const over = (how: End) => {
        if (isOver) return false;
        isOver = true;
        process.isRunning = false;
        watcher.runEnded(run, how);
        return true;
      };
      process.onDeath(() => over('died'));
      signal.addEventListener('abort', () => over('was given up') && !isDeaf && reject(signal.reason));
      if (dies !== undefined) {
        process.clock.wake(loop.now() + dies, () => {
          tell(process, 'dies in the middle of its run', run);
          process.die();
        });
      }
      process.clock.wake(loop.now() + lasts, () => {
        const isFailure = fate < Number(fails);
        const known = password ? SECRET : 'this';
        const words = fate > 0.9 ? [`It took ${lasts} ms with ${known}.`] : undefined;
        if (!over(isFailure ? 'failed' : words ? 'returned words' : 'returned nothing')) return;
        if (isFailure) reject(new Error(`Cannot log in with ${known}.`));
        else resolve(words);
      });
    });
  };
}
