/**
 * Explores a world: plays every schedule of its processes, with every fault that its budget allows. States that were
 * reached before are not explored again. After each schedule the world converges, and the oracle checks it.
 *
 * A schedule is the number of the choice that was taken at each step. A handler cannot be copied in the middle, so another
 * choice is explored by playing the steps before it again.
 */
import { type Choice, Play, prepared } from './play.ts';
import type { WorldDefinition } from './world-definition.ts';

export interface Violation {
  readonly faults: number;
  /** The number of the choice at each step. */
  readonly schedule: readonly number[];
  readonly story: readonly Choice[];
  readonly problems: readonly string[];
}

export interface Exploration {
  readonly schedules: number;
  readonly states: number;
  /** The one with the fewest faults and, of those, the fewest switches between processes. */
  readonly violation?: Violation;
}

export type OnProgress = (schedules: number, states: number) => void;

/** Explores the world without faults, then with one, and so on. */
export async function explore(
  definition: WorldDefinition,
  onProgress: OnProgress = () => {},
): Promise<Exploration> {
  // Many calls fail on purpose, and nothing shows their stacks, which take a fifth of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await exploreAll(definition, onProgress);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function exploreAll(definition: WorldDefinition, onProgress: OnProgress): Promise<Exploration> {
  let [schedules, states] = [0, 0];
  for (let faults = 0; faults <= definition.faults; faults++) {
    const result = await exploreWith(definition, faults, { isShortest: false, onProgress });
    schedules += result.schedules;
    states += result.states;
    if (result.violation) {
      const shortest = await exploreWith(definition, faults, { isShortest: true, onProgress });
      return { schedules, states, violation: shortest.violation ?? result.violation };
    }
  }
  return { schedules, states };
}

/** Plays one schedule again. */
export async function replay(
  definition: WorldDefinition,
  faults: number,
  schedule: readonly number[],
): Promise<Violation> {
  const play = await Play.begin(definition, await prepared(definition), faults);
  for (const choice of schedule) await play.take(choice);
  while (play.choices.length > 0) await play.take(0);
  const { story } = play;
  return { faults, schedule, story: [...story], problems: await play.finish() };
}

interface Options {
  /** Prefixes with fewer switches between processes come first; the same state after different processes counts twice. */
  readonly isShortest: boolean;
  readonly onProgress: OnProgress;
}

async function exploreWith(
  definition: WorldDefinition,
  faults: number,
  { isShortest, onProgress }: Options,
): Promise<Exploration> {
  const beginning = await prepared(definition);
  const seen = new Set<string>();
  const open = new Prefixes();
  open.push({ choices: [], switches: 0 });
  let schedules = 0;
  for (let prefix = open.pop(); prefix; prefix = open.pop()) {
    if (prefix.state !== undefined && seen.has(prefix.state)) continue;
    const play = await Play.begin(definition, beginning, faults);
    const schedule: number[] = [];
    for (const choice of prefix.choices) {
      schedule.push(choice);
      await play.take(choice);
    }
    let isNew = true;
    for (;;) {
      const state = play.state(isShortest);
      isNew = !seen.has(state);
      seen.add(state);
      const { choices } = play;
      if (!isNew || choices.length === 0) break;
      for (let number = choices.length - 1; number > 0; number--) {
        const choice = choices[number];
        if (!choice) continue;
        const next = await play.nextState(choice, isShortest);
        if (next !== undefined && seen.has(next)) continue;
        const switches = prefix.switches + (isShortest && play.isSwitch(choice) ? 1 : 0);
        open.push({ choices: [...schedule, number], switches, ...(next !== undefined && { state: next }) });
      }
      schedule.push(0);
      await play.take(0);
    }
    if (!isNew) continue;
    const story = [...play.story];
    const problems = await play.finish();
    schedules += 1;
    onProgress(schedules, seen.size);
    if (problems.length > 0) {
      return { schedules, states: seen.size, violation: { faults, schedule, story, problems } };
    }
  }
  return { schedules, states: seen.size };
}

/** The beginning of a schedule. */
interface Prefix {
  readonly choices: readonly number[];
  /** How often it goes on with another process, although the last one could go on. */
  readonly switches: number;
  /** The state that it leads to, if that is known. */
  readonly state?: string;
}

/** Prefixes to be continued, those with the fewest switches first. */
class Prefixes {
  readonly #bySwitches: Prefix[][] = [];

  push(prefix: Prefix): void {
    const prefixes = this.#bySwitches[prefix.switches] ?? [];
    this.#bySwitches[prefix.switches] = prefixes;
    prefixes.push(prefix);
  }

  pop(): Prefix | undefined {
    for (const prefixes of this.#bySwitches) {
      const prefix = prefixes?.pop();
      if (prefix) return prefix;
    }
    return undefined;
  }
}
