/** What the simulated person means, in the judge's own words: nothing here is read by the system but its JSON. */

/** One cron, with nothing left out but its zone. */
export interface Definition {
  readonly uid: string;
  readonly name: string;
  readonly periodicity: string;
  readonly timezone?: string;
  readonly activated: boolean;
  readonly overlap: 'skip' | 'buffer' | 'allow';
  readonly missed: 'once' | 'all' | 'skip';
  /** Seconds. */
  readonly maxLateness: number;
  readonly logsLimit: number;
  /** Seconds. */
  readonly timeout: number;
  readonly environ: {
    /** Different in each version that was ever written. */
    readonly mark: number;
    /** Seconds that a run usually takes. */
    readonly takes: number;
    /** How often it fails. */
    readonly fails: number;
    readonly password?: { readonly $secret: string };
  };
}

/** The switch of a site. */
export interface Switch {
  readonly activated: boolean;
  readonly timezone: string;
}

export const SWITCH_DEFAULTS: Switch = { activated: true, timezone: 'UTC' };

/** The value of every secret: it must be found nowhere. */
export const SECRET = 'correct-horse-battery-staple';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** By how much the clocks of two processes differ at most. */
export const CLOCKS_DIFFER = 1000;
