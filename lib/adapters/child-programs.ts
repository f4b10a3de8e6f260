/** Starts programs as child processes, which do not survive this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Program, ProgramEnd, Programs } from '../core/ports/programs.ts';
import { addGroup, removeGroup, signalGroup } from './process-groups.ts';

/** What every program gets of this process's environment: never the credentials of a Lambda. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

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
      removeGroup(pid);
      resolve({ code, signal });
    });
    addGroup(pid);
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
