/**
 * Shrinks a failing seed: fewer days, fewer crons, fewer kinds of faults, fewer faults. Each attempt simulates the
 * same seed with less, and is kept when it violates the same invariant.
 */
import { DAY } from './durations.ts';
import { FAULT_KINDS, type FaultKind } from './nemesis.ts';
import { MIN_DAYS, type SimulationOptions, type SimulationResult, simulate } from './simulation.ts';

export interface ShrinkResult {
  readonly options: SimulationOptions;
  readonly result: SimulationResult;
  /** The number of attempts. */
  readonly attempts: number;
}

/** Makes at most `maxAttempts` attempts. */
export async function shrink(
  options: SimulationOptions,
  result: SimulationResult,
  maxAttempts = 400,
): Promise<ShrinkResult> {
  const search = new Search(options, result, maxAttempts);
  await search.shrinkDays();
  await search.shrinkCrons();
  await search.removeKinds();
  await search.shrinkFaultPrefix();
  await search.removeFaults();
  await search.shrinkDays();
  return search.best;
}

class Search {
  best: ShrinkResult;
  readonly #maxAttempts: number;
  readonly #invariant: string | undefined;

  constructor(options: SimulationOptions, result: SimulationResult, maxAttempts: number) {
    this.best = { options, result, attempts: 0 };
    this.#maxAttempts = maxAttempts;
    this.#invariant = result.violation?.invariant;
  }

  async shrinkDays(): Promise<void> {
    const { options, result } = this.best;
    const daysUntilViolation = (result.end - result.start) / DAY;
    for (const days of [daysUntilViolation + 0.01, daysUntilViolation + MIN_DAYS]) {
      if (days < options.days && (await this.#attempt({ days }))) return;
    }
  }

  async shrinkCrons(): Promise<void> {
    for (let crons = 1; crons < this.best.options.crons; crons++) if (await this.#attempt({ crons })) return;
  }

  async removeKinds(): Promise<void> {
    for (const kind of FAULT_KINDS) {
      await this.#attempt({ without: new Set<FaultKind>([...(this.best.options.without ?? []), kind]) });
    }
  }

  /** Finds the smallest number of first faults that suffices, by bisection. */
  async shrinkFaultPrefix(): Promise<void> {
    let low = 0;
    let high = this.best.result.drawnFaults;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await this.#attempt({ maxFaults: middle })) high = middle;
      else low = middle + 1;
    }
  }

  /** Removes chunks of the remaining faults, then single ones. */
  async removeFaults(): Promise<void> {
    const { drawnFaults } = this.best.result;
    for (let size = Math.ceil(drawnFaults / 2); size >= 1; size = Math.floor(size / 2)) {
      const { maxFaults } = this.best.options;
      for (let from = 0; from < (maxFaults ?? this.best.result.drawnFaults); from += size) {
        const chunk = Array.from({ length: size }, (_, n) => from + n);
        const skipped = this.best.options.skippedFaults ?? new Set();
        if (chunk.some((number) => !skipped.has(number))) {
          await this.#attempt({ skippedFaults: new Set([...skipped, ...chunk]) });
        }
      }
    }
  }

  async #attempt(changes: Partial<SimulationOptions>): Promise<boolean> {
    if (this.best.attempts >= this.#maxAttempts) return false;
    const attempts = this.best.attempts + 1;
    const options = { ...this.best.options, ...changes };
    const result = await simulate(options);
    const isSame = result.violation !== undefined && result.violation.invariant === this.#invariant;
    this.best = isSame ? { options, result, attempts } : { ...this.best, attempts };
    return isSame;
  }
}
