/** `cloudtab next EXPRESSION`: what a periodicity means, without any crontab. */
import { iso } from '../domain/log.ts';
import { problemText } from '../domain/problem.ts';
import { MOST_PREVIEWED, preview } from '../operations/preview.ts';
import type { Clock } from '../ports/clock.ts';
import { wrapped } from './folded.ts';
import { jsonText } from './line.ts';
import { type Cell, table } from './table.ts';
import { relative } from './text.ts';
import { localTime } from './when.ts';

export interface NextOptions {
  readonly tz: string;
  readonly count: string;
  /** `H` depends on it. */
  readonly uid?: string;
  readonly json?: true;
  readonly width?: number | undefined;
}

/** The text to print, and whether the expression is good. */
export function explain(
  clock: Clock,
  periodicity: string,
  { tz: timezone, count, uid = '', json, width }: NextOptions,
): { readonly text: string; readonly valid: boolean } {
  const wanted = Math.min(Math.max(Math.trunc(Number(count)) || 5, 1), MOST_PREVIEWED);
  const { words, runs, problems } = preview({ clock }, { periodicity, timezone, count: wanted, uid });
  const valid = problems.length === 0;
  if (json) {
    const times = runs.map(({ at, ...rest }) => ({ at: iso(at), local: localTime(at, timezone), ...rest }));
    return { text: jsonText({ periodicity, timezone, words: words ?? null, runs: times, problems }), valid };
  }
  if (!valid) return { text: problems.map(problemText).join('\n'), valid };
  const now = clock.now();
  const rows = runs.map(({ at, remark = '' }): Cell[] => [
    localTime(at, timezone),
    iso(at),
    relative(at, now),
    { text: remark, style: 'yellow' },
  ]);
  return {
    text: `${wrapped(`${words}, ${timezone}`, width)}
${table(rows, { width })}`,
    valid,
  };
}
