/**
 * The nemesis: decides which faults are injected. Each kind of fault has its own rate, drawn for each seed, and faults
 * occur only within fault windows. Every fault has a number, so that a run can be repeated with fewer faults.
 */
import { HOUR, MINUTE } from './durations.ts';
import type { EventLoop } from './event-loop.ts';
import { Prng } from './prng.ts';

/** Faults of one call to a port. */
const CALL_FAULT_KINDS = [
  'fails-before',
  'fails-after',
  'dies-before',
  'dies-after',
  'slow',
  'throttled',
] as const;

const OTHER_FAULT_KINDS = [
  'stale-index',
  'stale-registry',
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
  'suspended',
  'clock-back',
  'throttled-for-hours',
  'unreadable',
] as const;

export const FAULT_KINDS = [...CALL_FAULT_KINDS, ...OTHER_FAULT_KINDS] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
type CallFaultKind = (typeof CALL_FAULT_KINDS)[number];

export interface NemesisOptions {
  readonly seed: number;
  /** Kinds of faults that are not injected. */
  readonly without?: ReadonlySet<FaultKind>;
  /** Only faults with a lower number are injected. */
  readonly maxFaults?: number;
  /** The numbers of faults that are not injected. */
  readonly skippedFaults?: ReadonlySet<number>;
}

export class Nemesis {
  readonly #faultPrng: Prng;
  readonly #windowPrng: Prng;
  readonly #options: NemesisOptions;
  readonly #rates = new Map<FaultKind, number>();
  readonly #callRates: readonly (readonly [CallFaultKind, number])[];
  /** The number of injected faults of each kind. */
  readonly counts = new Map<FaultKind, number>();
  /** Called for each injected fault, after it was counted. */
  onFault: (kind: FaultKind, number: number) => void = () => {};
  #drawnFaults = 0;
  #isInFaultWindow = false;
  #faultFreeSince = Number.NEGATIVE_INFINITY;
  #loop: EventLoop | undefined;

  constructor(options: NemesisOptions) {
    this.#options = options;
    this.#faultPrng = new Prng(options.seed, 'faults');
    this.#windowPrng = new Prng(options.seed, 'weather');
    for (const kind of FAULT_KINDS) {
      const baseRate = this.#windowPrng.boolean(0.6) ? this.#windowPrng.logUniform(10, 1500) / 10_000 : 0;
      const isCallFault = (CALL_FAULT_KINDS as readonly string[]).includes(kind);
      const rate = isCallFault ? baseRate / 3 : Math.min(1, baseRate * 3);
      this.#rates.set(kind, options.without?.has(kind) ? 0 : rate);
    }
    let sum = 0;
    this.#callRates = CALL_FAULT_KINDS.map((kind) => {
      sum += this.#rates.get(kind) ?? 0;
      return [kind, sum] as const;
    });
  }

  /** Opens and closes fault windows until the monotonic time `end`; no fault is injected after that. */
  start(loop: EventLoop, end: number): void {
    this.#loop = loop;
    this.#faultFreeSince = loop.now();
    const toggle = () => {
      if (loop.monotonic() >= end) return this.#setFaultWindow(false);
      this.#setFaultWindow(!this.#isInFaultWindow);
      const duration = this.#isInFaultWindow
        ? this.#windowPrng.logUniform(10 * MINUTE, 8 * HOUR)
        : this.#windowPrng.logUniform(20 * MINUTE, 10 * HOUR);
      loop.after(Math.min(end - loop.monotonic(), duration), toggle);
    };
    loop.after(this.#windowPrng.logUniform(MINUTE, 2 * HOUR), toggle);
  }

  /** The end of the last fault window, in epoch milliseconds; undefined within a fault window. */
  get faultFreeSince(): number | undefined {
    return this.#isInFaultWindow ? undefined : this.#faultFreeSince;
  }

  /** The number of faults that were drawn, including those that were not injected. */
  get drawnFaults(): number {
    return this.#drawnFaults;
  }

  /** Draws the fault of one call; usually there is none. */
  callFault(): CallFaultKind | undefined {
    if (!this.#isInFaultWindow) return undefined;
    const drawn = this.#faultPrng.fraction();
    const kind = this.#callRates.find(([, upperBound]) => drawn < upperBound)?.[0];
    return kind && this.#isInjected(kind) ? kind : undefined;
  }

  /** Draws whether a fault of this kind is injected. */
  injects(kind: Exclude<FaultKind, CallFaultKind>): boolean {
    if (!this.#isInFaultWindow) return false;
    return this.#faultPrng.boolean(this.#rates.get(kind) ?? 0) && this.#isInjected(kind);
  }

  /** Draws a duration in milliseconds; each order of magnitude is as likely as another. */
  duration(low: number, high: number): number {
    return this.#faultPrng.logUniform(low, high);
  }

  #setFaultWindow(isOpen: boolean): void {
    this.#isInFaultWindow = isOpen;
    this.#faultFreeSince = this.#loop?.now() ?? 0;
  }

  #isInjected(kind: FaultKind): boolean {
    const number = this.#drawnFaults++;
    if (number >= (this.#options.maxFaults ?? Number.POSITIVE_INFINITY)) return false;
    if (this.#options.skippedFaults?.has(number)) return false;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.onFault(kind, number);
    return true;
  }
}
