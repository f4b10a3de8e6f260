/**
 * Stands in for the CronExpression of cron-parser in the bundles of Lambdas. The original goes from time to time, which
 * cloudtab does by its own rules: it wants the fields of an expression alone.
 */
export class CronExpression<Fields> {
  readonly fields: Fields;

  constructor(fields: Fields) {
    this.fields = fields;
  }
}
