/**
 * The IDs of local processes contain the process ID, so that a run of a dead process need not wait for its lease to expire:
 * `k<process id>-…` for the process that runs the crontab, `p<process id>-…` for a command.
 */
import type { Random } from '../../core/ports/random.ts';

/** A new ID of this process: for a run, the holder of a lease, or a write. */
export function newProcessId(random: Random, pid: number, isScheduler: boolean): string {
  return `${isScheduler ? 'k' : 'p'}${pid}-${random.id().slice(0, 13)}`;
}

/**
 * Whether the process that holds a lease may still be alive. `isSchedulerAlive`: whether the process that started the
 * scheduler's runs is alive. Returns true for an ID of another form, whose process is unknown.
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
