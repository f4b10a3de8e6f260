/** What the simulated user intends, in the oracle's own types. The system reads only the JSON of these. */

/** One cron with all of its fields; only the time zone is optional. */
export interface IntendedCron {
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
    /** Unique among all versions of all crons. */
    readonly versionId: number;
    /** How long a run usually takes. */
    readonly seconds: number;
    /** The probability that a run fails. */
    readonly failureRate: number;
    readonly password?: { readonly $secret: string };
  };
}

/** The settings of a site's crontab. */
export interface IntendedCrontab {
  readonly activated: boolean;
  readonly timezone: string;
}

export const DEFAULT_CRONTAB: IntendedCrontab = { activated: true, timezone: 'UTC' };

/** Distinguishes versions: a cron by its version id, a crontab by its settings. */
export function describeIntent(intent: IntendedCron | IntendedCrontab | undefined): string {
  if (!intent) return 'no version';
  if ('environ' in intent) return `version ${intent.environ.versionId}`;
  return `${intent.activated ? 'on' : 'off'} in ${intent.timezone}`;
}

/** The value of every secret. No output may contain it. */
export const SECRET = 'correct-horse-battery-staple';
