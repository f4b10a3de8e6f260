/** Comparing two things in one process: absolute times differ between machines, their ratio hardly does. */

/** What was measured, beside its baseline. */
export interface Comparison {
  readonly what: string;
  /** With the unit. */
  readonly measured: string;
  /** The baseline, with its name and unit. */
  readonly baseline: string;
  /** The cost in times of the baseline; absent for a figure with a limit of its own. */
  readonly ratio?: number;
  /** The most that the ratio, or the figure, may be. */
  readonly limit?: string;
  readonly isWithin: boolean;
}

/** The comparison of two times in milliseconds. `limit` is the most that their ratio may be. */
export function compareTimes(
  what: string,
  ms: number,
  baseline: { readonly name: string; readonly ms: number },
  limit?: number,
): Comparison {
  const ratio = ms / baseline.ms;
  return {
    what,
    measured: formatMs(ms),
    baseline: `${baseline.name} ${formatMs(baseline.ms)}`,
    ratio,
    ...(limit === undefined ? {} : { limit: `${limit} ×` }),
    isWithin: limit === undefined || ratio <= limit,
  };
}

/** A time in milliseconds with a limit of its own. */
export function figure(what: string, ms: number, limit: number): Comparison {
  return { what, measured: formatMs(ms), baseline: '', limit: formatMs(limit), isWithin: ms <= limit };
}

/**
 * The median milliseconds of each piece of work. Every round does each piece once, so that a busy machine slows all of them;
 * the first round, which fills caches, does not count.
 */
export async function medians<Name extends string>(
  rounds: number,
  works: Readonly<Record<Name, () => Promise<number> | number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const ms = await works[name]();
      if (round > 0) times[name].push(ms);
    }
  }
  const entries = names.map((name) => [name, percentile(times[name], 0.5)]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** How long the work takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The value below which that part of the values lies; NaN if there are none. */
export function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

export function formatMs(ms: number): string {
  if (ms < 1) return `${(ms * 1000).toFixed(1)} µs`;
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
