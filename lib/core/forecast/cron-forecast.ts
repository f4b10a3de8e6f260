/**
 * The forecast of one cron for a period: each planned time, and the result of its overlap policy if runs take their usual
 * time. It assumes that nothing fails: no timer is late, and no run dies.
 */
import { isTooLate } from '../domain/catch-up.ts';
import type { Cron } from '../domain/cron.ts';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import { iso } from '../domain/iso.ts';
import { hasRoom } from '../domain/job.ts';
import type { Period } from '../domain/timeline.ts';
import { isActive } from '../domain/timing.ts';

/** A cron, and how long its runs usually take. */
export interface Subject {
  readonly cron: Cron;
  /** Milliseconds; absent if it has never run: then its runs do not overlap. */
  readonly duration?: number;
}

/**
 * The result of a planned time: it runs; it runs beside another one (`overlaps`); it waits for the end of another
 * one and runs then (`waits`); it does not run (`skipped`).
 */
export type Fate = 'runs' | 'overlaps' | 'waits' | 'skipped';

export interface PlannedRun {
  readonly cron: Cron;
  /** The planned time, in epoch milliseconds. */
  readonly plannedAt: number;
  readonly fate: Fate;
  /** When it would start, in epoch milliseconds; absent if it does not run. */
  readonly starts?: number;
  /** The planned time of the run that would be in progress; absent if none would. */
  readonly meets?: number;
  /** The planned time of the one that already waits for the end of that run; absent if none does. */
  readonly behind?: number;
}

/** The planned times of the period, earliest first, as if nothing ran when it begins. None for a cron that is off. */
export function* plannedRuns(
  { cron, duration = 0 }: Subject,
  settings: CrontabSettings,
  { from, to }: Period,
): Generator<PlannedRun> {
  if (!isActive(cron, settings)) return;
  const lasts = Math.min(duration, cron.timeout * 1000);
  const runs = new Running(cron, lasts);
  let plannedAt = cron.next(from - 1, settings.timezone);
  while (plannedAt !== undefined && plannedAt < to) {
    yield { cron, plannedAt, ...runs.decide(plannedAt) };
    plannedAt = cron.next(plannedAt, settings.timezone);
  }
}

/** Why the planned time does not simply run, in words; nothing if it does. */
export function reasonOf({ cron, fate, meets, behind }: PlannedRun): string | undefined {
  if (meets === undefined) return undefined;
  const { overlap, maxLateness } = cron;
  const reason = `The run of ${iso(meets)} still goes on`;
  if (behind !== undefined) {
    return `${reason}, and that of ${iso(behind)} waits; overlap is "buffer", which keeps one.`;
  }
  if (overlap === 'allow' && fate === 'skipped')
    return `${reason}, and as many others as are possible at once.`;
  const isTooLate = overlap === 'buffer' && fate === 'skipped';
  return isTooLate
    ? `${reason} until this one is older than maxLateness (${maxLateness} s).`
    : `${reason}; overlap is "${overlap}".`;
}

type Decision = Omit<PlannedRun, 'cron' | 'plannedAt'>;

interface Run {
  readonly plannedAt: number;
  readonly ends: number;
  /** It waits until it is too late. */
  readonly neverStarts?: true;
}

/** The runs that go on, and what waits, as planned times come one after the other. */
class Running {
  readonly #cron: Cron;
  readonly #lasts: number;
  #runs: Run[] = [];

  constructor(cron: Cron, lasts: number) {
    this.#cron = cron;
    this.#lasts = lasts;
  }

  decide(plannedAt: number): Decision {
    const decision = this.#decide(plannedAt);
    // The claim of each planned time drops what has waited too long.
    this.#runs = this.#runs.filter(
      (run) => !run.neverStarts || !isTooLate(this.#cron, run.plannedAt, plannedAt),
    );
    return decision;
  }

  #decide(plannedAt: number): Decision {
    this.#runs = this.#runs.filter(({ ends }) => ends > plannedAt);
    const [running, waiting] = this.#runs;
    if (!running) return this.#start('runs', plannedAt, plannedAt);
    const meets = { meets: running.plannedAt };
    const { overlap } = this.#cron;
    if (overlap === 'allow' && hasRoom(this.#runs))
      return { ...this.#start('overlaps', plannedAt, plannedAt), ...meets };
    if (overlap !== 'buffer') return { fate: 'skipped', ...meets };
    if (waiting) return { fate: 'skipped', ...meets, behind: waiting.plannedAt };
    if (!isTooLate(this.#cron, plannedAt, running.ends))
      return { ...this.#start('waits', plannedAt, running.ends), ...meets };
    // It keeps others from waiting meanwhile.
    this.#runs.push({ plannedAt, ends: running.ends, neverStarts: true });
    return { fate: 'skipped', ...meets };
  }

  #start(fate: Fate, plannedAt: number, starts: number): Decision {
    this.#runs.push({ plannedAt, ends: starts + this.#lasts });
    return { fate, starts };
  }
}
