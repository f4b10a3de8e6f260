/**
 * Run ids of a laptop tell whose run it is, so that nobody has to wait for the lease of a process that is gone:
 * `k<process id>-…` is of a process that kept the crontab running, `p<process id>-…` of a command.
 */
import type { Random } from '../ports/random.ts';

/** A new run id of this process. */
export function newRunId(random: Random, pid: number, isKeeper: boolean): string {
  return `${isKeeper ? 'k' : 'p'}${pid}-${random.id().slice(0, 13)}`;
}

/**
 * Whether the run of that id can still be going on, for a process that has just become the keeper: runs of earlier
 * keepers cannot. An id of another form may come from anywhere: yes.
 */
export function mayBeRunning(runId: string): boolean {
  const [, kind, pid] = /^([kp])(\d+)-/.exec(runId) ?? [];
  return kind === undefined || (kind === 'p' && isAlive(Number(pid)));
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
