/**
 * The layout of the table: what the construct that makes it and the store that uses it must agree on. No SDK here,
 * so that a stack can import it.
 *
 * | pk             | sk        | what                                     | by-site | by-due           |
 * |----------------|-----------|------------------------------------------|---------|------------------|
 * | `<site>/<uid>` | `cron`    | projection of the cron's parameter       | yes     | while unsettled  |
 * | `<site>/<uid>` | `job`     | the job                                  | yes     | while it is due  |
 * | `<site>`       | `crontab` | projection of the crontab's parameter    | yes     | while unsettled  |
 * | `<site>`       | `profile` | hashes of the applied profile elements   | no      | no               |
 * | `/`            | `<site>`  | that the site exists                     | no      | no               |
 */

/** Attributes are strings unless noted otherwise. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds (number) after which a tombstone may be dropped. */
  timeToLive: 'expires',
} as const;

/** All of a site in one query. Projects everything. */
export const BY_SITE = { name: 'by-site', partitionKey: 'site', sortKey: 'pk' } as const;

/**
 * Sparse: holds only what has a `dueShard` (number, 0 to 7) and `due` (number, epoch milliseconds). A projection has
 * them while it is unsettled, so a stream filter may ask whether `dueShard` exists to leave out what was settled.
 */
export const BY_DUE = {
  name: 'by-due',
  partitionKey: 'dueShard',
  sortKey: 'due',
  /** Projected besides the keys; `armedAt` is a number. */
  include: ['site', 'uid', 'armedAt'],
  shards: 8,
} as const;

/** The sort keys of a cron's and a crontab's items. */
export const SORT = { cron: 'cron', job: 'job', crontab: 'crontab', profile: 'profile' } as const;

/**
 * The most crons that a profile of a deployment may name: DynamoDB holds 400 KB an item, and a uid of 36 characters with
 * its hash takes 101 bytes.
 */
export const MAX_PROFILE_CRONS = 3_500;

/** The partition that lists the sites. */
export const SITES = '/';
