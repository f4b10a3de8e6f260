/** One chaos run: kills processes and forces runs for some time, then lets the crontab recover without faults. */
import { setTimeout as pause } from 'node:timers/promises';
import { Prng } from '../simulation/prng.ts';
import type { FastClock } from './fast-clock.ts';
import type { ForcedRun, History } from './history.ts';
import { drawKillPlan, type KillPhase } from './kill-plan.ts';
import { exitText, type Processes, type RunningCommand } from './processes.ts';
import { untilArmed } from './until-armed.ts';
import { LONGEST_PERIOD, type WorkloadCron } from './workload.ts';

export interface ChaosRunParts {
  readonly seed: number;
  readonly pace: number;
  readonly clock: FastClock;
  readonly crons: readonly WorkloadCron[];
  readonly history: History;
  readonly processes: Processes;
}

/** The actions of a chaos run, and the violations that it observed meanwhile. */
export interface ChaosResult {
  readonly kills: Map<KillPhase, number>;
  /** The runs that were forced by a command that exited by itself. */
  readonly forcedRuns: readonly ForcedRun[];
  /** The number of commands that were killed while they forced a run. */
  readonly killedCommands: number;
  readonly violations: readonly string[];
}

const MINUTE = 60_000;
/** The share of `cloudtab run` commands that are killed. */
const KILLED_COMMANDS_SHARE = 0.4;
const MAX_COMMAND_MS = 1_500;

export class ChaosRun {
  readonly #parts: ChaosRunParts;
  readonly #kills = new Map<KillPhase, number>();
  readonly #forcedRuns: ForcedRun[] = [];
  readonly #violations: string[] = [];
  #killedCommands = 0;
  #startedAt = 0;

  constructor(parts: ChaosRunParts) {
    this.#parts = parts;
  }

  /**
   * Waits until every cron is armed, kills processes for so many seconds, then waits for recovery and stops the scheduler
   * with SIGTERM.
   */
  async run(seconds: number): Promise<ChaosResult> {
    this.#startedAt = Date.now();
    const scheduler = this.#parts.processes.start('start');
    // A cron that has no projection yet cannot be forced.
    await this.#untilArmed(scheduler);
    const end = Date.now() + seconds * 1000;
    await Promise.all([this.#killSchedulers(scheduler, end), this.#forceRuns(end)]);
    await this.#recover();
    return {
      kills: this.#kills,
      forcedRuns: this.#forcedRuns,
      killedCommands: this.#killedCommands,
      violations: this.#violations,
    };
  }

  /** Kills the scheduler again and again, and starts the next one. */
  async #killSchedulers(first: RunningCommand, end: number): Promise<void> {
    const { clock, history, pace, processes, seed } = this.#parts;
    const prng = new Prng(seed, 'kills');
    let scheduler = first;
    for (let count = 1; Date.now() < end; count++) {
      const { phase, delay } = drawKillPlan(prng, clock.untilMinute(), MINUTE / pace);
      await this.#kill(scheduler, delay);
      this.#kills.set(phase, (this.#kills.get(phase) ?? 0) + 1);
      // Some restarts are delayed, for longer than the grace of an occurrence.
      const downtime = prng.boolean(0.12) ? prng.integer(1_000, 14_000) : 0;
      const suffix = downtime === 0 ? '' : `, downtime ${(downtime / 1000).toFixed(1)} s`;
      this.#print(`kill ${count}: ${phase}, ${(delay / 1000).toFixed(2)} s after its start${suffix}`);
      await history.readRecords();
      await pause(downtime);
      scheduler = processes.start('start');
    }
    await this.#kill(scheduler, 0);
  }

  /** Kills the process after the delay. It is a violation when the process exits earlier. */
  async #kill(scheduler: RunningCommand, delay: number): Promise<void> {
    const earlyExit = await Promise.race([pause(delay), scheduler.exit]);
    if (earlyExit) this.#violations.push(`the scheduler exited by itself: ${exitText(earlyExit)}`);
    else await scheduler.stop('SIGKILL');
  }

  async #forceRuns(end: number): Promise<void> {
    const { processes, seed, crons } = this.#parts;
    const prng = new Prng(seed, 'forced');
    while (Date.now() < end) {
      await pause(prng.integer(200, MAX_COMMAND_MS));
      const { uid } = prng.pick(crons);
      const command = processes.start('run', uid, '--no-wait', '--json');
      if (prng.boolean(KILLED_COMMANDS_SHARE)) {
        await Promise.race([pause(prng.integer(300, MAX_COMMAND_MS)), command.exit]);
        await command.stop('SIGKILL');
      }
      const exit = await command.exit;
      // Its scheduler was killed before it answered: the run may have begun.
      const isUnanswered = exit.code === 1 && exit.stdout.includes('"unavailable"');
      if (exit.signal === 'SIGKILL' || isUnanswered) this.#killedCommands += 1;
      else if (exit.code === 0) this.#forcedRuns.push({ uid, runId: JSON.parse(exit.stdout).runId });
      else this.#violations.push(`a run of ${uid} could not be forced: ${exitText(exit)}`);
    }
  }

  /** Waits until every cron is armed for a time far enough ahead that its chain of timers must have continued. */
  async #recover(): Promise<void> {
    const { clock, processes } = this.#parts;
    const scheduler = processes.start('start');
    this.#print('no more kills: waiting until every cron has recovered');
    await this.#untilArmed(scheduler, clock.now() + LONGEST_PERIOD * MINUTE);
    const exit = await scheduler.stop('SIGTERM');
    if (exit.code !== 0) this.#violations.push(`the scheduler did not stop gracefully: ${exitText(exit)}`);
  }

  /** It is a violation when crons are not armed for a time after `time`. */
  async #untilArmed(scheduler: RunningCommand, time = 0): Promise<void> {
    this.#violations.push(...(await untilArmed(this.#parts, scheduler, time)));
  }

  #print(text: string): void {
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(1);
    console.log(`${seconds.padStart(6)} s  ${text}`);
  }
}
