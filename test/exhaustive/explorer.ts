/**
 * Plays every interleaving of a world's processes, with every fault that its budget allows. A schedule is a list of choices;
 * states that were reached before are not explored again. After each schedule the world converges, and the oracle checks it.
 */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { ControlledProcess, type Outcome } from './controlled-process.ts';
import { findViolations } from './oracle.ts';
import { World, type WorldPorts } from './world.ts';

export interface ProcessDefinition {
  readonly name: string;
  readonly run: (ports: WorldPorts, world: World, process: ControlledProcess) => Promise<void>;
  /** The delivery that Lambda repeats if the process fails or dies. */
  readonly delivery?: Delivery;
  /** How far its clock is ahead of the world's, in milliseconds. */
  readonly skewMs?: number;
  /** How often it is repeated while the others go on; then the world repeats it. */
  readonly repetitions?: number;
}

export interface WorldDefinition {
  readonly name: string;
  /** What it is about, in a sentence. */
  readonly about: string;
  /** Where the clock begins, in epoch milliseconds. */
  readonly now: number;
  readonly prepare: (world: World) => Promise<void>;
  readonly processes: readonly ProcessDefinition[];
  /** How many faults a schedule may have in all. */
  readonly faults: number;
  /** Planned times that the crontab has up to the end; the oracle accounts for each. */
  readonly expected: readonly number[];
}

/** One decision: which process, which of its calls, and what becomes of it. */
export interface Choice {
  readonly process: string;
  readonly call: string;
  readonly outcome: Outcome;
}

export interface Violation {
  /** Which choice was taken at each step, by its number. */
  readonly schedule: readonly number[];
  readonly story: readonly Choice[];
  readonly problems: readonly string[];
}

export interface Exploration {
  readonly schedules: number;
  readonly states: number;
  readonly violation?: Violation;
}

/** Explores the world with 0 faults, then with 1, and so on: the first violation has the fewest faults. */
export async function explore(
  definition: WorldDefinition,
  onProgress: (schedules: number, states: number) => void = () => {},
): Promise<Exploration> {
  let total = { schedules: 0, states: 0 };
  for (let faults = 0; faults <= definition.faults; faults++) {
    const result = await exploreWith(definition, faults, onProgress);
    total = { schedules: total.schedules + result.schedules, states: total.states + result.states };
    if (result.violation) return { ...total, violation: result.violation };
  }
  return total;
}

async function exploreWith(
  definition: WorldDefinition,
  faults: number,
  onProgress: (schedules: number, states: number) => void,
): Promise<Exploration> {
  const seen = new Set<string>();
  const open: number[][] = [[]];
  let schedules = 0;
  for (let prefix = open.pop(); prefix; prefix = open.pop()) {
    const play = await Play.begin(definition, faults);
    try {
      const schedule: number[] = [];
      for (let choices = play.choices(); choices.length > 0; choices = play.choices()) {
        const isReplay = schedule.length < prefix.length;
        if (!isReplay) {
          const state = play.state;
          if (seen.has(state)) break;
          seen.add(state);
          for (let other = choices.length - 1; other > 0; other--) open.push([...schedule, other]);
        }
        const taken = isReplay ? (prefix[schedule.length] ?? 0) : 0;
        schedule.push(taken);
        await play.take(taken);
      }
      if (play.choices().length > 0) continue;
      const problems = await play.finish();
      schedules += 1;
      if (schedules % 500 === 0) onProgress(schedules, seen.size);
      if (problems.length > 0) {
        return { schedules, states: seen.size, violation: { schedule, story: play.story, problems } };
      }
    } finally {
      play.close();
    }
  }
  return { schedules, states: seen.size };
}

/** Plays one schedule again, for its story. */
export async function replay(definition: WorldDefinition, schedule: readonly number[]): Promise<Violation> {
  const play = await Play.begin(definition, definition.faults);
  try {
    for (const choice of schedule) await play.take(choice);
    return { schedule, story: play.story, problems: await play.finish() };
  } finally {
    play.close();
  }
}

/** One schedule in the making. */
class Play {
  readonly story: Choice[] = [];
  readonly #definition: WorldDefinition;
  readonly #world: World;
  readonly #processes: {
    readonly definition: ProcessDefinition;
    readonly process: ControlledProcess;
    readonly repetition: number;
  }[] = [];
  #faultsLeft: number;

  private constructor(definition: WorldDefinition, faults: number) {
    this.#definition = definition;
    this.#world = new World(definition.now);
    this.#faultsLeft = faults;
  }

  static async begin(definition: WorldDefinition, faults: number): Promise<Play> {
    const play = new Play(definition, faults);
    await definition.prepare(play.#world);
    for (const process of definition.processes) play.#start(process, 0);
    await turn();
    return play;
  }

  /** Every decision that is possible now: without a fault first. */
  choices(): (Choice & { readonly index: number })[] {
    const all = this.#processes.flatMap(({ process }) =>
      process.pending.flatMap((call, index) =>
        call.outcomes.map((outcome) => ({ process: process.name, call: call.name, outcome, index })),
      ),
    );
    const harmless = all.filter(({ outcome }) => outcome === 'proceeds');
    return this.#faultsLeft === 0
      ? harmless
      : [...harmless, ...all.filter(({ outcome }) => outcome !== 'proceeds')];
  }

  async take(number: number): Promise<void> {
    const choice = this.choices()[number];
    const running = this.#processes.find(({ process }) => process.name === choice?.process);
    if (!choice || !running) throw new Error(`There is no choice ${number}`);
    this.story.push({ process: choice.process, call: choice.call, outcome: choice.outcome });
    if (choice.outcome !== 'proceeds') this.#faultsLeft -= 1;
    await running.process.decide(choice.index, choice.outcome);
    await turn();
    const { process, definition, repetition } = running;
    const mayRepeat = definition.delivery && repetition < (definition.repetitions ?? 0);
    if (mayRepeat && (process.status === 'failed' || process.status === 'dead')) {
      this.#start(definition, repetition + 1);
      await turn();
    }
  }

  /** A digest of everything that decides how the schedule can go on. */
  get state(): string {
    const processes = this.#processes.map(({ process }) => process.state);
    const all = JSON.stringify([this.#world.state, processes, this.#faultsLeft]);
    return createHash('sha1').update(all).digest('base64');
  }

  /** Lets the world converge, and returns what the oracle finds. */
  async finish(): Promise<readonly string[]> {
    const failed = this.#processes.flatMap(({ definition, process, repetition }) => {
      const hasFailed = process.status === 'failed' || process.status === 'dead';
      const isRepeated = repetition < (definition.repetitions ?? 0);
      return hasFailed && definition.delivery && !isRepeated ? [definition.delivery] : [];
    });
    await this.#world.converge(failed);
    return await findViolations(
      this.#world,
      this.#definition,
      this.#processes.map(({ process }) => process),
    );
  }

  close(): void {
    this.#world.close();
  }

  #start(definition: ProcessDefinition, repetition: number): void {
    const name = repetition === 0 ? definition.name : `${definition.name} (repetition ${repetition})`;
    const process = new ControlledProcess(name);
    this.#processes.push({ definition, process, repetition });
    process.start(() =>
      definition.run(this.#world.controlled(process, definition.skewMs), this.#world, process),
    );
  }
}
