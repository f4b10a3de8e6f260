/** `cloudtab next EXPRESSION`: describes a periodicity and lists its next runs, without a crontab. */

import { formatRelative } from '../../app/operations/format-duration.ts';
import { weekdayTime } from '../../app/operations/local-time.ts';
import { MAX_PREVIEWED, preview } from '../../app/operations/preview.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { iso } from '../../core/domain/iso.ts';
import { jsonText, type TextOptions } from './output.ts';
import { type Cell, table } from './table.ts';
import { styled } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';
import { wrapText } from './wrap-text.ts';

export interface NextOptions extends TextOptions {
  /** Default: the time zone of this machine. */
  readonly timezone?: string;
  readonly count: string;
  /** The values of `H` depend on it. */
  readonly uid?: string;
}

/** `H` at the beginning of a field or list item; nicknames and names of days may contain the letter, too. */
const HASH = /(?:^|[\s,])H/i;
const NOTE = 'The value of "H" depends on the uid: set it with --uid.';

/**
 * The text to print, and whether the expression is valid. Throws InvalidError with all problems, which the JSON output
 * contains instead.
 */
export function explain(
  clock: { readonly now: () => number },
  periodicity: string,
  { timezone = Intl.DateTimeFormat().resolvedOptions().timeZone, count, uid, json, width }: NextOptions,
): { readonly text: string; readonly valid: boolean } {
  const fix = 'Choose one, or omit the option for 5.';
  const wanted = wholeNumber(count, { option: '--count', least: 1, most: MAX_PREVIEWED, fix });
  const request = { periodicity, timezone, count: wanted, uid: uid ?? '' };
  const { words, runs, clockChange, problems } = preview({ clock }, request);
  const note = uid === undefined && HASH.test(periodicity) ? NOTE : undefined;
  if (json) {
    const times = runs.map(({ plannedAt, ...rest }) => ({
      plannedAt: iso(plannedAt),
      local: weekdayTime(plannedAt, timezone),
      ...rest,
    }));
    const result = { periodicity, timezone, words: words ?? null, note, runs: times, clockChange, problems };
    return { text: jsonText(result), valid: problems.length === 0 };
  }
  if (problems.length > 0) throw new InvalidError(problems);
  const now = clock.now();
  const rows = runs.map(({ plannedAt, remark = '' }): Cell[] => [
    weekdayTime(plannedAt, timezone),
    iso(plannedAt),
    formatRelative(plannedAt, now),
    { text: remark, style: 'yellow' },
  ]);
  const lines = [wrapText(`${words}, ${timezone}`, width), table(rows, { width })];
  for (const text of [clockChange, note]) if (text) lines.push(styled('yellow', wrapText(text, width)));
  return { text: lines.join('\n'), valid: true };
}
