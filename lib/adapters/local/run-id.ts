/**
 * Run ids of a laptop tell whose run it is, so that nobody has to wait for the lease of a process that is gone:
 * `k<process id>-…` is of a process that kept the crontab running, `p<process id>-…` of a command.
 */
import type { Random } from '../../core/ports/random.ts';

/** A new run id of this process. */
export function newRunId(random: Random, pid: number, isKeeper: boolean): string {
  return `${isKeeper ? 'k' : 'p'}${pid}-${random.id().slice(0, 13)}`;
}

/**
 * Whether the run of that id can still be going on, given whether the process that keeps the crontab running was there
 * all the while: runs of an earlier one cannot. An id of another form may come from anywhere: yes.
 */
export function mayBeRunning(runId: string, isKept: boolean): boolean {
  const [, kind, pid] = /^([kp])(\d+)-/.exec(runId) ?? [];
  if (kind === undefined) return true;
  return kind === 'k' ? isKept : isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not allowed to signal it: it exists, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
