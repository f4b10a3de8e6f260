/**
 * Replaces CronDate and CronExpression of cron-parser in the bundles of Lambdas: cloudtab only reads the fields of an
 * expression. The originals iterate over times with luxon, which is a seventh of a bundle.
 */
// v8 ignore file -- executed in the bundles of test/deploy/bundling

export const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export class CronExpression<Fields> {
  readonly fields: Fields;

  constructor(fields: Fields) {
    this.fields = fields;
  }
}
