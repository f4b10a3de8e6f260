/** Seeded chance: the same seed and stream give the same numbers, on every machine. */

export class Chance {
  #state: number;

  /** Streams of one seed are independent, so that drawing more from one changes nothing in another. */
  constructor(seed: number, stream: string) {
    let state = seed | 0;
    for (const character of stream)
      state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) + 0x9e3779b9;
    this.#state = state | 0;
  }

  /** From 0 up to and without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }

  /** A whole number from `low` to `high`, both possible. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Between `low` and `high`, each order of magnitude as likely as another; whole. */
  spread(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.next());
  }

  hit(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}
