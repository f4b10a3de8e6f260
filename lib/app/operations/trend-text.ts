/** What the last runs of a cron came to, in words. */
import type { Trend } from '../../core/domain/health.ts';
import { shortTime } from './local-time.ts';

/** The same in a few characters: `3 failed in a row`, or `4 of 20 failed`. */
export function shortTrendText({ runs, failures, failuresInRow, isFlapping }: Trend): string | undefined {
  if (failures === 0) return undefined;
  const isSteady = failuresInRow > 1 && !isFlapping;
  return isSteady ? `${failuresInRow} failed in a row` : `${failures} of ${runs} failed`;
}

/** `failing for 3 runs since Tue 13:00 CET`, or how many of its last runs failed; nothing if none did. */
export function trendText(
  { runs, failures, failuresInRow, failingSince, isFlapping }: Trend,
  now: number,
  timezone: string,
): string | undefined {
  if (failures === 0) return undefined;
  const failed = `${failures} of the last ${runs} runs failed`;
  if (isFlapping) return `flapping: ${failed}`;
  if (failuresInRow === 0) return failed;
  const since = failingSince === undefined ? '' : ` since ${shortTime(failingSince, now, timezone)}`;
  return `failing for ${failuresInRow === 1 ? 'one run' : `${failuresInRow} runs`}${since}`;
}
