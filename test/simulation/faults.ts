/**
 * What goes wrong: each kind with its own probability, drawn for each seed, in storms between which all is calm.
 * Every strike has a number, so that a story can be told again with fewer of them.
 */
import { Chance } from './chance.ts';
import type { Loop } from './loop.ts';

/** What can befall one call of a port. */
const CALL_KINDS = ['fails-before', 'fails-after', 'dies-before', 'dies-after', 'slow', 'throttled'] as const;

const OTHER_KINDS = [
  'stale-index',
  'timer-lost',
  'delivery-twice',
  'delivery-late',
  'delivery-lost',
  'retries-out',
  'stream-twice',
  'stream-late',
  'stream-lost',
  'change-lost',
  'change-twice',
  'change-late',
  'dies-running',
] as const;

export const KINDS = [...CALL_KINDS, ...OTHER_KINDS] as const;
export type Kind = (typeof KINDS)[number];
type CallKind = (typeof CALL_KINDS)[number];

export interface FaultOptions {
  readonly seed: number;
  /** Kinds that do not happen. */
  readonly without?: ReadonlySet<Kind>;
  /** Only the first so many strikes happen. */
  readonly most?: number;
  /** Strikes that do not happen, by number. */
  readonly spared?: ReadonlySet<number>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export class Faults {
  readonly #chance: Chance;
  readonly #weather: Chance;
  readonly #options: FaultOptions;
  readonly #rates = new Map<Kind, number>();
  readonly #callRates: readonly (readonly [CallKind, number])[];
  readonly counts = new Map<Kind, number>();
  /** Told of each strike, after it was counted. */
  onStrike: (kind: Kind, number: number) => void = () => {};
  #strikes = 0;
  #isStorm = false;
  #calmSince = Number.NEGATIVE_INFINITY;
  #loop: Loop | undefined;

  constructor(options: FaultOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed, 'faults');
    this.#weather = new Chance(options.seed, 'weather');
    for (const kind of KINDS) {
      const rate = this.#weather.hit(0.6) ? this.#weather.spread(10, 1500) / 10_000 : 0;
      const isCall = (CALL_KINDS as readonly string[]).includes(kind);
      const most = isCall ? rate / 3 : Math.min(1, rate * 3);
      this.#rates.set(kind, options.without?.has(kind) ? 0 : most);
    }
    let sum = 0;
    this.#callRates = CALL_KINDS.map((kind) => {
      sum += this.#rates.get(kind) ?? 0;
      return [kind, sum] as const;
    });
  }

  /** Lets storms come and go until `end`; from then on it is calm. */
  start(loop: Loop, end: number): void {
    this.#loop = loop;
    this.#calmSince = loop.now();
    const change = () => {
      if (loop.now() >= end) return this.#turn(false);
      this.#turn(!this.#isStorm);
      const lasts = this.#isStorm
        ? this.#weather.spread(10 * MINUTE, 8 * HOUR)
        : this.#weather.spread(20 * MINUTE, 10 * HOUR);
      loop.wake(Math.min(end, loop.now() + lasts), change);
    };
    loop.after(this.#weather.spread(MINUTE, 2 * HOUR), change);
  }

  /** Since when nothing was injected, in epoch milliseconds; nothing while it storms. */
  get calmSince(): number | undefined {
    return this.#isStorm ? undefined : this.#calmSince;
  }

  get strikes(): number {
    return this.#strikes;
  }

  /** Draws what befalls one call; usually nothing. */
  onCall(mayDie: boolean): CallKind | undefined {
    if (!this.#isStorm) return undefined;
    const drawn = this.#chance.next();
    const found = this.#callRates.find(([, below]) => drawn < below)?.[0];
    if (!found || (!mayDie && found.startsWith('dies'))) return undefined;
    return this.#counted(found) ? found : undefined;
  }

  /** Draws whether a fault of that kind happens. */
  befalls(kind: Exclude<Kind, CallKind>): boolean {
    if (!this.#isStorm) return false;
    return this.#chance.hit(this.#rates.get(kind) ?? 0) && this.#counted(kind);
  }

  /** How long something takes, in milliseconds; each order of magnitude as likely as another. */
  time(low: number, high: number): number {
    return this.#chance.spread(low, high);
  }

  #turn(isStorm: boolean): void {
    this.#isStorm = isStorm;
    this.#calmSince = this.#loop?.now() ?? 0;
  }

  #counted(kind: Kind): boolean {
    const number = this.#strikes++;
    if (number >= (this.#options.most ?? Number.POSITIVE_INFINITY)) return false;
    if (this.#options.spared?.has(number)) return false;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.onStrike(kind, number);
    return true;
  }
}
