/**
 * Stands in for the CronDate of cron-parser in the bundles of Lambdas. The original is luxon, a seventh of a bundle; to
 * know the fields of an expression it takes one table.
 */
export const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
