/** Plays the runs of runners: how long they take, what they return or throw, and when their process crashes. */
import type { RunContext, RunnerResult } from '../../lib/core/ports/runners.ts';
import { SECRET } from './intent.ts';
import { Prng } from './prng.ts';
import type { Process, Runtime } from './process.ts';

/** How the ids of forced runs begin that hold although the cron is off. */
export const EVEN_OFF_PREFIX = 'forced-even-off-';

export interface SimulatedRun {
  readonly site: string;
  readonly uid: string;
  /** The planned time, or the time at which a run was forced. */
  readonly plannedAt: number;
  readonly runId: string;
  readonly isForced: boolean;
  readonly startedAt: number;
  /** The interruptions of the system before it started. */
  readonly interruptions: number;
  /** Whether the runner was informed that it is late. */
  readonly isLate: boolean;
  /** The version that runs (IntendedCron's environ). */
  readonly versionId: number;
}

/** How a run ended from the runner's point of view. */
export type RunEnd = 'returned nothing' | 'returned messages' | 'failed' | 'was aborted' | 'crashed';

export interface RunObserver {
  runStarted(run: SimulatedRun): void;
  runEnded(run: SimulatedRun, end: RunEnd): void;
}

export function createRunSimulator(runtime: Runtime, seed: number, observer: RunObserver) {
  const prng = new Prng(seed, 'tasks');
  const { loop, nemesis, trace } = runtime;
  return (
    process: Process,
    { site, cron, plannedAt, runId, late, signal }: RunContext,
  ): Promise<RunnerResult> => {
    const { versionId, seconds, failureRate, password } = cron.environ;
    const run: SimulatedRun = {
      site,
      uid: cron.uid,
      plannedAt: plannedAt,
      runId,
      isForced: runId.startsWith('forced'),
      startedAt: loop.now(),
      interruptions: loop.interruptions,
      isLate: late,
      versionId: Number(versionId),
    };
    const duration = Math.max(50, Math.round(Number(seconds) * 1000 * (0.4 + 1.2 * prng.fraction())));
    const fate = prng.fraction();
    // The promise of such a run never settles. That is harmless: its process freezes once the handler has returned.
    const ignoresAbort = prng.boolean(0.3);
    process.isInRunner = true;
    observer.runStarted(run);
    const crashDelay = nemesis.injects('dies-running') ? Math.floor(duration * prng.fraction()) : undefined;
    return new Promise((resolve, reject) => {
      let hasEnded = false;
      const end = (how: RunEnd) => {
        if (hasEnded) return false;
        hasEnded = true;
        process.isInRunner = false;
        observer.runEnded(run, how);
        return true;
      };
      process.onCrash(() => end('crashed'));
      signal.addEventListener('abort', () => end('was aborted') && !ignoresAbort && reject(signal.reason));
      if (crashDelay !== undefined) {
        loop.after(crashDelay, () => {
          trace(process, 'crashes during its run', run);
          process.crash();
        });
      }
      loop.after(duration, () => {
        if (!process.isAlive) return;
        const isFailure = fate < Number(failureRate);
        const credential = password ? SECRET : 'no password';
        const messages = fate > 0.9 ? [`Took ${duration} ms with ${credential}.`] : undefined;
        if (!end(isFailure ? 'failed' : messages ? 'returned messages' : 'returned nothing')) return;
        if (isFailure) reject(new Error(`Cannot log in with ${credential}.`));
        else resolve(messages);
      });
    });
  };
}
