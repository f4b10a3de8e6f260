/**
 * Replaces CronDate and CronExpression of cron-parser in the bundles of Lambdas. The originals bring luxon, a seventh of
 * a bundle, for iterating over times; cloudtab only reads the fields of an expression.
 */
export const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export class CronExpression<Fields> {
  readonly fields: Fields;

  constructor(fields: Fields) {
    this.fields = fields;
  }
}
