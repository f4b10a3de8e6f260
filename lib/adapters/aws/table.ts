/**
 * The layout of the table: what the construct that creates it and the store that uses it must agree on. No SDK here, so that
 * a stack can import it.
 *
 * | pk             | sk                  | what                                                     | indexes             |
 * |----------------|---------------------|----------------------------------------------------------|---------------------|
 * | `<site>`       | `crontab`           | projection of the crontab's settings                     |                     |
 * | `<site>`       | `cron#<uid>`        | projection of the cron                                   |                     |
 * | `<site>`       | `cron#<uid>#job`    | the job                                                  |                     |
 * | `<site>`       | `profile`           | hashes of the applied profile elements                   |                     |
 * | `<site>/<uid>` | `run#<record id>`   | a run record                                             | activity, attention |
 * | `#sites`       | `<site>`            | the site exists                                          |                     |
 * | `#catalogue`   | `#catalogue`        | the runners of the deployment                            |                     |
 * | `#access`      | `#access`           | who may do what: written by setup alone                  |                     |
 * | `#limits`      | `<hash>`            | what runners may reach: written by setup alone           |                     |
 * | `#format`      | `#format`           | the number of this layout                                |                     |
 */

/** The number of this layout. A table with another number is refused: nothing is converted. */
export const FORMAT = 2;

/** Attributes are strings unless another type is said. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds (number) after which an item may be dropped. */
  timeToLive: 'expires',
} as const;

/** Sort keys, or their beginnings. */
export const SORT = {
  crontab: 'crontab',
  cron: 'cron#',
  job: '#job',
  profile: 'profile',
  run: 'run#',
} as const;

/** Partitions that belong to no site. */
export const SITES = '#sites';
export const CATALOGUE = '#catalogue';
export const ACCESS = '#access';
export const LIMITS = '#limits';
export const FORMAT_KEY = '#format';

/** What an index has of a run record, besides its keys: a summary below 1 KB, never messages. DynamoDB allows 20 names. */
const SUMMARY = [
  'uid',
  'id',
  'runner',
  'status',
  'reason',
  'plannedAt',
  'deliveredAt',
  'claimedAt',
  'startedAt',
  'endedAt',
  'runId',
  'forced',
  'requestedBy',
  'definitionVersion',
  'codeVersion',
  'covers',
  'message',
  TABLE.timeToLive,
] as const;

/** Run records of a site by the time at which they ended: `ended` is `<epoch milliseconds>#<site>#<uid>#<record id>`. */
export const ACTIVITY = {
  name: 'activity',
  partitionKey: 'site',
  sortKey: 'ended',
  include: SUMMARY,
} as const;

/** Sparse: run records of all sites that are not OK. `attention` has one value. */
export const ATTENTION = {
  name: 'attention',
  partitionKey: 'attention',
  sortKey: 'ended',
  include: ['site', ...SUMMARY],
} as const;

/**
 * The most crons that a profile of a deployment may name: DynamoDB holds 400 KB an item, and a uid of 36 characters with
 * its hash takes 101 bytes.
 */
export const MAX_PROFILE_CRONS = 3_500;

/**
 * The most that limits may take as JSON. The event that carries them to setup also has the former ones, the catalogue contains
 * them once more, and a cold start reads them.
 */
export const MAX_LIMITS_BYTES = 100_000;
