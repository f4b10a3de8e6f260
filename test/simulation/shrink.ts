/**
 * Makes a failing seed's story short: fewer days, fewer crons, fewer kinds of faults, fewer faults. Each attempt is the
 * same seed played again with less, kept when the same invariant is still violated.
 */
import { DAY } from './definition.ts';
import { KINDS, type Kind } from './faults.ts';
import { type Outcome, SHORTEST_DAYS, simulate, type WorldOptions } from './world.ts';

export interface Shrunk {
  readonly options: WorldOptions;
  readonly outcome: Outcome;
  /** How often the story was played. */
  readonly played: number;
}

/** `most` attempts at most. */
export async function shrink(options: WorldOptions, outcome: Outcome, most = 400): Promise<Shrunk> {
  const search = new Search(options, outcome, most);
  await search.days();
  await search.crons();
  await search.kinds();
  await search.prefix();
  await search.singly();
  await search.days();
  return search.best;
}

class Search {
  best: Shrunk;
  readonly #most: number;
  readonly #invariant: string | undefined;

  constructor(options: WorldOptions, outcome: Outcome, most: number) {
    this.best = { options, outcome, played: 0 };
    this.#most = most;
    this.#invariant = outcome.violation?.invariant;
  }

  async days(): Promise<void> {
    const { options, outcome } = this.best;
    const lasted = (outcome.end - outcome.start) / DAY;
    for (const days of [lasted + 0.01, lasted + SHORTEST_DAYS]) {
      if (days < options.days && (await this.#try({ days }))) return;
    }
  }

  async crons(): Promise<void> {
    for (let crons = 1; crons < this.best.options.crons; crons++) if (await this.#try({ crons })) return;
  }

  async kinds(): Promise<void> {
    for (const kind of KINDS) {
      await this.#try({ without: new Set<Kind>([...(this.best.options.without ?? []), kind]) });
    }
  }

  /** The first so many faults are enough. */
  async prefix(): Promise<void> {
    let low = 0;
    let high = this.best.outcome.strikes;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await this.#try({ most: middle })) high = middle;
      else low = middle + 1;
    }
  }

  /** Leaves out chunks of the others, then single ones. */
  async singly(): Promise<void> {
    for (let size = Math.ceil(this.best.outcome.strikes / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < (this.best.options.most ?? this.best.outcome.strikes); from += size) {
        const chunk = Array.from({ length: size }, (_, n) => from + n);
        const spared = this.best.options.spared ?? new Set();
        if (chunk.some((number) => !spared.has(number))) {
          await this.#try({ spared: new Set([...spared, ...chunk]) });
        }
      }
    }
  }

  async #try(less: Partial<WorldOptions>): Promise<boolean> {
    if (this.best.played >= this.#most) return false;
    const options = { ...this.best.options, ...less };
    const outcome = await simulate(options);
    const isSame = outcome.violation !== undefined && outcome.violation.invariant === this.#invariant;
    this.best = isSame
      ? { options, outcome, played: this.best.played + 1 }
      : { ...this.best, played: this.best.played + 1 };
    return isSame;
  }
}
