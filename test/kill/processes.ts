/** The real command as processes of its own, on the fast clock: the one that keeps the crontab, and those that ask for runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FastClock } from './clock.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');
const FAST_CLOCK = join(import.meta.dirname, 'fast-clock.ts');

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly complaints: string;
}

export class Processes {
  readonly #dir: string;
  readonly #clock: FastClock;
  readonly #living = new Set<ChildProcess>();

  /** Takes all of its processes along when this one ends. */
  constructor(dir: string, clock: FastClock) {
    this.#dir = dir;
    this.#clock = clock;
    process.once('exit', () => {
      for (const child of this.#living) child.kill('SIGKILL');
    });
  }

  /** Starts `cloudtab` with these words, on the folder. */
  start(...words: string[]): Running {
    const args = ['--import', FAST_CLOCK, COMMAND, ...words, '--dir', this.#dir];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...this.#clock.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#living.add(child);
    return new Running(child, () => this.#living.delete(child));
  }
}

export class Running {
  /** Resolves when it has ended, whoever ended it. */
  readonly end: Promise<End>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, onEnd: () => void) {
    this.#child = child;
    let output = '';
    let complaints = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2000);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2000);
    });
    this.end = once(child, 'close').then(([code, signal]) => {
      onEnd();
      return { code, signal, output, complaints };
    });
  }

  /** Sends the signal and waits for the end. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<End> {
    this.#child.kill(signal);
    return this.end;
  }
}
