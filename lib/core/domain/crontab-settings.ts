/** The settings of a whole crontab: its power switch, its lock and its time zone. */
export interface CrontabSettings {
  /** Off: no cron of the site has a timer, and none runs. */
  readonly activated: boolean;
  /** Changes through cloudtab are rejected with a message; the console can still change anything. */
  readonly readOnly: boolean;
  /** IANA name, for crons that have none of their own. */
  readonly timezone: string;
}

/** The settings of a site that has no `crontab` parameter, and those that a parameter leaves out. */
export const CRONTAB_DEFAULTS: CrontabSettings = { activated: true, readOnly: false, timezone: 'UTC' };

/** The names of the settings in reading order. */
export const CRONTAB_FIELDS = Object.keys(CRONTAB_DEFAULTS);
