/**
 * Ids of a laptop name their process, so that the lease of a process that is gone need not be waited for: `k<process id>-…`
 * is of a scheduler, `p<process id>-…` of a command.
 */
import type { Random } from '../../core/ports/random.ts';

/** A new id of this process: of a run, of the holder of a lease, or of a write. */
export function newProcessId(random: Random, pid: number, isScheduler: boolean): string {
  return `${isScheduler ? 'k' : 'p'}${pid}-${random.id().slice(0, 13)}`;
}

/**
 * Whether the process that holds a lease may still be alive. `isSchedulerAlive`: the scheduler that runs now has taken every
 * lease of a scheduler; otherwise all of these are of one that is gone. A holder of another form may be alive.
 */
export function mayBeAlive(holder: string, isSchedulerAlive: boolean): boolean {
  const [, kind, pid] = /^([kp])(\d+)-/.exec(holder) ?? [];
  if (kind === undefined) return true;
  return kind === 'k' ? isSchedulerAlive : isAlive(Number(pid));
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
