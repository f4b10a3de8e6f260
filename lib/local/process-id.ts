/**
 * Which process keeps a folder's crontab running, and which run belongs to a process that is gone: on a laptop a run's
 * id begins with the id of its process, so nobody has to wait for the lease of a dead one.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError } from '../domain/errors.ts';
import type { Random } from '../ports/random.ts';

/** Ids that tell their process: `p<pid>-<random>`. */
export function processRandom(random: Random, pid: number): Random {
  return { id: () => `p${pid}-${random.id().slice(0, 13)}` };
}

/** Whether the run of that id can still be going on. An id of another form may come from anywhere: yes. */
export function mayBeRunning(runId: string): boolean {
  const [, pid] = /^p(\d+)-/.exec(runId) ?? [];
  return pid === undefined || isAlive(Number(pid));
}

/** The process that keeps the crontab running; nothing when none does. */
export function keeper(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Makes this process the keeper; throws ConfigurationError when another one is. Returns how to give it back. */
export function becomeKeeper(file: string, pid: number): () => void {
  const other = keeper(file);
  if (other !== undefined && other !== pid) {
    throw new ConfigurationError(
      `The process ${other} keeps this crontab running already. Stop it first, or choose another folder with --dir.`,
    );
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, String(pid));
  return () => rmSync(file, { force: true });
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
