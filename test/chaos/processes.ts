/** Runs the real command in child processes on the fast clock. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FastClock } from './fast-clock.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');
const FAST_CLOCK_PRELOAD = join(import.meta.dirname, 'fast-clock-preload.ts');

/** How a process exited. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The exit and the end of the output. */
export function exitText({ code, signal, stdout, stderr }: Exit): string {
  return `exit ${code ?? signal}, output: ${(stderr || stdout).slice(-2000).trim()}`;
}

export class Processes {
  readonly #dir: string;
  readonly #clock: FastClock;
  readonly #children = new Set<ChildProcess>();

  /** Kills its child processes when this process exits. */
  constructor(dir: string, clock: FastClock) {
    this.#dir = dir;
    this.#clock = clock;
    process.once('exit', () => {
      for (const child of this.#children) child.kill('SIGKILL');
    });
  }

  /** Starts `cloudtab` with these arguments on the folder. */
  start(...args: string[]): RunningCommand {
    const nodeArgs = ['--import', FAST_CLOCK_PRELOAD, COMMAND, ...args, '--dir', this.#dir];
    const child = spawn(process.execPath, nodeArgs, {
      env: { ...process.env, ...this.#clock.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    return new RunningCommand(child, () => this.#children.delete(child));
  }
}

export class RunningCommand {
  /** Resolves when the process has exited, for any reason. */
  readonly exit: Promise<Exit>;
  readonly pid: number;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess, onExit: () => void) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.exit = once(child, 'close').then(([code, signal]) => {
      onExit();
      return { code, signal, ...this.output };
    });
  }

  /** What the process has printed so far. */
  get output(): Pick<Exit, 'stdout' | 'stderr'> {
    return { stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Sends the signal and waits until the process has exited. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit> {
    this.#child.kill(signal);
    return this.exit;
  }
}
