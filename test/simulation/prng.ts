/** A seeded pseudo-random number generator: the same seed and stream give the same numbers on every machine. */

export class Prng {
  #state: number;

  /**
   * Streams of one seed are independent: drawing more numbers from one changes nothing in another. The name of a stream
   * is part of its seed, so renaming a stream changes every run that draws from it.
   */
  constructor(seed: number, stream: string) {
    let state = seed | 0;
    for (const character of stream)
      state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) + 0x9e3779b9;
    this.#state = state | 0;
  }

  /** From 0 (inclusive) to 1 (exclusive), by mulberry32. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }

  /** An integer from `low` to `high`, both inclusive. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** An integer from `low` to `high`, log-uniform: each order of magnitude is as likely as another. */
  logUniform(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.fraction());
  }

  boolean(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.fraction() * items.length)];
    if (item === undefined) throw new Error('Cannot pick from an empty list.');
    return item;
  }
}
