/** A runner whose runs last until the test releases them, however long a deployment takes meanwhile. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Runner, type RunnerClass } from '../../lib/runners/runner.ts';

const POLL_MILLISECONDS = 100;

/** A runner that notes its planned time in a file of the folder, and reports its code at its end. */
export function patientRunner({ folder, code }: { folder: string; code: number }): RunnerClass {
  return class Patient extends Runner {
    static readonly summary = 'Waits until it is released.';

    async run() {
      appendFileSync(startsIn(folder), `${this.plannedAt}\n`);
      while (!existsSync(releaseIn(folder)))
        await pause(POLL_MILLISECONDS, undefined, { signal: this.signal });
      return [`code ${code}`];
    }
  };
}

/** The planned times of all runs that started, in order. */
export function startedTimes(folder: string): number[] {
  return readFileSync(startsIn(folder), 'utf8').trim().split('\n').map(Number);
}

/** Lets the runs end, now and later. */
export function releaseRuns(folder: string): void {
  writeFileSync(releaseIn(folder), '');
}

function startsIn(folder: string): string {
  return join(folder, 'patient-starts');
}

function releaseIn(folder: string): string {
  return join(folder, 'patient-release');
}
