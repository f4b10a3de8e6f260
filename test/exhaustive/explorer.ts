/**
 * Explores a world: plays every schedule of its processes, with every fault that its budget allows. States that were
 * reached before are not explored again. After each schedule the world converges, and the oracle checks it.
 *
 * A schedule is the number of the choice that was taken at each step. A handler cannot be copied in the middle, so another
 * choice is explored by playing the steps before it again.
 */
import { type Choice, Play } from './play.ts';
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
  const play = await Play.begin(definition, faults);
  try {
    for (const choice of schedule) await play.take(choice);
    return { faults, schedule, story: play.story, problems: await play.finish() };
  } finally {
    play.close();
  }
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
  const seen = new Set<string>();
  const open = new Prefixes();
  open.push([], 0);
  let schedules = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { prefix, switches } = next;
    const play = await Play.begin(definition, faults);
    try {
      const schedule: number[] = [];
      let isKnown = false;
      for (let { choices } = play; choices.length > 0; { choices } = play) {
        const step = schedule.length;
        if (step >= prefix.length) {
          const state = play.state(isShortest);
          isKnown = seen.has(state);
          if (isKnown) break;
          seen.add(state);
          for (let other = choices.length - 1; other > 0; other--) {
            const choice = choices[other];
            const isSwitch = isShortest && choice !== undefined && play.isSwitch(choice);
            open.push([...schedule, other], switches + (isSwitch ? 1 : 0));
          }
        }
        const taken = prefix[step] ?? 0;
        schedule.push(taken);
        await play.take(taken);
      }
      if (isKnown) continue;
      const problems = await play.finish();
      schedules += 1;
      if (schedules % 100 === 0) onProgress(schedules, seen.size);
      if (problems.length > 0) {
        const violation = { faults, schedule, story: play.story, problems };
        return { schedules, states: seen.size, violation };
      }
    } finally {
      play.close();
    }
  }
  return { schedules, states: seen.size };
}

/** Schedules to be continued, those with the fewest switches first. */
class Prefixes {
  readonly #bySwitches: number[][][] = [];

  push(prefix: number[], switches: number): void {
    const prefixes = this.#bySwitches[switches] ?? [];
    this.#bySwitches[switches] = prefixes;
    prefixes.push(prefix);
  }

  pop(): { readonly prefix: readonly number[]; readonly switches: number } | undefined {
    for (const [switches, prefixes] of this.#bySwitches.entries()) {
      const prefix = prefixes?.pop();
      if (prefix) return { prefix, switches };
    }
    return undefined;
  }
}
