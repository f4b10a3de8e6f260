/**
 * Starts programs as child processes. They do not survive this process, unless it is killed: otherwise the next scheduler
 * would start a second one beside the first.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Program, ProgramEnd, Programs } from '../core/ports/programs.ts';

/** What every program gets of this process's environment: never the credentials of a Lambda. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** The signals that end a process which does not listen for them, without an event that says so. */
const ENDINGS = ['SIGINT', 'SIGTERM'] as const;

/** The ids of the groups that are running. */
const running = new Set<number>();

/** Kills all programs that are running. */
function killPrograms(): void {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
}

/** Ends this process as the signal would have, unless something else listens and decides when it ends. */
function endWithPrograms(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killPrograms();
  process.off(signal, endWithPrograms);
  process.kill(process.pid, signal);
}

/** Each listener exists only while programs run: a process that runs none is not changed by the import of this file. */
function setRunning(pid: number): void {
  if (running.size === 0) {
    process.on('exit', killPrograms);
    for (const signal of ENDINGS) process.on(signal, endWithPrograms);
  }
  running.add(pid);
}

function setEnded(pid: number): void {
  running.delete(pid);
  if (running.size > 0) return;
  process.off('exit', killPrograms);
  for (const signal of ENDINGS) process.off(signal, endWithPrograms);
}

export const childPrograms: Programs = {
  start({ file, args, cwd, env, stdin }, onOutput): Program {
    const variables = { ...inherited(), ...env };
    // The leader of a process group, because of `detached`. It has no streams when too many files are open.
    const child: ChildProcess = spawn(file, args, {
      detached: true,
      cwd: cwd ?? variables.HOME,
      env: variables,
    });
    const { pid, stdout, stderr } = child;
    const { promise, resolve, reject } = Promise.withResolvers<ProgramEnd>();
    child.on('error', reject);
    child.once('close', (code, signal) => {
      if (pid !== undefined) setEnded(pid);
      resolve({ code, signal });
    });
    if (pid !== undefined) setRunning(pid);
    stdout?.on('data', (bytes: Uint8Array) => onOutput('stdout', bytes));
    stderr?.on('data', (bytes: Uint8Array) => onOutput('stderr', bytes));
    // A program need not read its input.
    child.stdin?.on('error', () => undefined).end(stdin);
    return {
      ended: promise,
      isAlive: () => signalGroup(pid, 0),
      kill: (signal) => signalGroup(pid, signal),
      abandon: () => {
        stdout?.destroy();
        stderr?.destroy();
      },
    };
  },
};

function inherited(): { [name: string]: string } {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether the group exists. Signal 0 only asks. Without a process there is no group. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}
