import { parseExpression } from '../../lib/core/domain/expression.ts';
import { nextRun } from '../../lib/core/domain/next-run.ts';

/** The first runs of a periodicity after a time, as `2030-01-31T03:00` in UTC; then `never` when there are no more. */
export function runs(periodicity: string, timezone: string, after: string, count: number): string[] {
  const expression = parseExpression(periodicity, 'uid');
  const times: string[] = [];
  let time: number | undefined = Date.parse(after);
  while (times.length < count) {
    time = nextRun(expression, timezone, time);
    if (time === undefined) return [...times, 'never'];
    times.push(new Date(time).toISOString().replace(':00.000Z', ''));
  }
  return times;
}
