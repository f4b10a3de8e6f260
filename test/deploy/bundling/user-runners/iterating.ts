/** A runner that uses a library which cloudtab bundles for itself in part. */
import { CronExpressionParser } from 'cron-parser';
import { Runner } from '../../../../lib/runners/runner.ts';

/** Reports the first two times of an expression, which cron-parser computes with luxon. */
export class Iterating extends Runner {
  async run() {
    const times = CronExpressionParser.parse('0 0 1 * *', { currentDate: 0, tz: 'UTC' });
    return [times.next(), times.next()].map((time) => time.toDate().toISOString());
  }
}
