/** The minute of killing: what is killed when, what is asked for meanwhile, and the peace at the end. */
import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from '../simulation/chance.ts';
import type { FastClock } from './clock.ts';
import { LONGEST_PERIOD, type Subject } from './crons.ts';
import type { Asked, Evidence } from './evidence.ts';
import { drawMoment, type Occasion } from './moments.ts';
import type { End, Processes, Running } from './processes.ts';

export interface SiegeParts {
  readonly seed: number;
  readonly pace: number;
  readonly clock: FastClock;
  readonly subjects: readonly Subject[];
  readonly evidence: Evidence;
  readonly processes: Processes;
}

/** What was done, and what was seen to go wrong while it was done. */
export interface Events {
  readonly kills: Map<Occasion, number>;
  /** The runs that were asked for by a command that came to its end. */
  readonly asked: readonly Asked[];
  /** How many commands that asked for a run were killed. */
  readonly killedCommands: number;
  readonly violations: readonly string[];
}

const MINUTE = 60_000;
/** How long the crontab may take to come to rest, beyond the minutes that it has to wait for. */
const PATIENCE_MS = 60_000;
/** Of the processes that ask for a run. */
const SHARE_KILLED = 0.4;
const LONGEST_COMMAND_MS = 1_500;

export class Siege {
  readonly #parts: SiegeParts;
  readonly #kills = new Map<Occasion, number>();
  readonly #asked: Asked[] = [];
  readonly #violations: string[] = [];
  #killedCommands = 0;
  #began = 0;

  constructor(parts: SiegeParts) {
    this.#parts = parts;
  }

  /** Kills for so many seconds, then lets the crontab come to rest and stops it as a person does. */
  async lay(seconds: number): Promise<Events> {
    this.#began = Date.now();
    const end = this.#began + seconds * 1000;
    await Promise.all([this.#killKeepers(end), this.#forceRuns(end)]);
    await this.#rest();
    return {
      kills: this.#kills,
      asked: this.#asked,
      killedCommands: this.#killedCommands,
      violations: this.#violations,
    };
  }

  async #killKeepers(end: number): Promise<void> {
    const { clock, evidence, pace, processes, seed } = this.#parts;
    const chance = new Chance(seed, 'kills');
    let keeper = processes.start('start');
    await this.#untilArmed(keeper);
    for (let count = 1; Date.now() < end; count++) {
      const { occasion, after } = drawMoment(chance, clock.untilMinute(), MINUTE / pace);
      await this.#kill(keeper, after);
      this.#kills.set(occasion, (this.#kills.get(occasion) ?? 0) + 1);
      // Now and then it is not noticed at once, for longer than the grace of a run.
      const down = chance.hit(0.12) ? chance.between(1_000, 14_000) : 0;
      const rest = down === 0 ? '' : `, and down for ${(down / 1000).toFixed(1)} s`;
      this.#note(`kill ${count}: ${occasion}, ${(after / 1000).toFixed(2)} s after its start${rest}`);
      await evidence.look();
      await pause(down);
      keeper = processes.start('start');
    }
    await this.#kill(keeper, 0);
  }

  /** Kills it after some time; that it ends before is a violation. */
  async #kill(keeper: Running, after: number): Promise<void> {
    const early = await Promise.race([pause(after), keeper.end]);
    if (early) this.#violations.push(`the process ended by itself. ${saidBy(early)}`);
    else await keeper.stop('SIGKILL');
  }

  async #forceRuns(end: number): Promise<void> {
    const { processes, seed, subjects } = this.#parts;
    const chance = new Chance(seed, 'forced');
    while (Date.now() < end) {
      await pause(chance.between(200, LONGEST_COMMAND_MS));
      const { uid } = chance.pick(subjects);
      const command = processes.start('run', uid, '--no-wait', '--json');
      if (chance.hit(SHARE_KILLED)) {
        await Promise.race([pause(chance.between(300, LONGEST_COMMAND_MS)), command.end]);
        await command.stop('SIGKILL');
      }
      const answer = await command.end;
      if (answer.signal === 'SIGKILL') this.#killedCommands += 1;
      else if (answer.code === 0) this.#asked.push({ uid, runId: JSON.parse(answer.output).runId });
      else this.#violations.push(`a run of ${uid} could not be asked for. ${saidBy(answer)}`);
    }
  }

  /** Every cron has to be armed for a time that was far ahead when peace began: so its chain goes on by itself. */
  async #rest(): Promise<void> {
    const { clock, processes } = this.#parts;
    const keeper = processes.start('start');
    this.#note('peace: every cron has to go on by itself');
    await this.#untilArmed(keeper, clock.now() + LONGEST_PERIOD * MINUTE);
    const end = await keeper.stop('SIGTERM');
    if (end.code !== 0) this.#violations.push(`the process did not stop as it should. ${saidBy(end)}`);
  }

  /** Waits until all crons are armed for a time after that; it is a violation when that takes too long. */
  async #untilArmed(keeper: Running, after = 0): Promise<void> {
    const { evidence, pace, subjects } = this.#parts;
    const end = Date.now() + (2 * LONGEST_PERIOD * MINUTE) / pace + PATIENCE_MS;
    for (;;) {
      const early = await Promise.race([pause(100), keeper.end]);
      if (early) throw new Error(`The process ended by itself. ${saidBy(early)}`);
      const jobs = await evidence.look();
      const left = subjects.filter(({ uid }) => (jobs.get(uid)?.armed?.at ?? -1) < after);
      if (left.length === 0) return;
      if (Date.now() < end) continue;
      this.#violations.push(`the chain stands still: ${left.map(({ uid }) => uid).join(', ')}`);
      return;
    }
  }

  #note(text: string): void {
    const seconds = ((Date.now() - this.#began) / 1000).toFixed(1);
    console.log(`${seconds.padStart(6)} s  ${text}`);
  }
}

function saidBy({ code, signal, output, complaints }: End): string {
  return `It ended with ${code ?? signal} and said: ${(complaints || output).trim()}`;
}
