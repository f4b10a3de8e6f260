/**
 * The IDs of local runs contain the process ID, so that a run of a dead process need not wait for its lease to expire:
 * `k<process id>-…` for the process that runs the crontab, `p<process id>-…` for a command.
 */
import type { Random } from '../../core/ports/random.ts';

/** A new run id of this process. */
export function newRunId(random: Random, pid: number, isKeeper: boolean): string {
  return `${isKeeper ? 'k' : 'p'}${pid}-${random.id().slice(0, 13)}`;
}

/**
 * Whether the run can still be in progress. `isKept`: whether the process that started the scheduler's runs is alive.
 * Returns true for an ID of another form, whose process is unknown.
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
    // The process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
