/** Warnings about policies that are valid and may not do what their author expects. */
import type { CronFields } from '../../core/domain/cron.ts';
import { GRACE_MS } from '../../core/domain/occurrence.ts';
import { formatDuration } from './format-duration.ts';

/** One sentence or two for each warning; none if there is nothing to warn about. */
export function policyWarnings({ maxLateness }: Pick<CronFields, 'maxLateness'>): string[] {
  if (maxLateness * 1000 >= GRACE_MS) return [];
  const grace = formatDuration(GRACE_MS);
  return [
    `maxLateness of ${formatDuration(maxLateness * 1000)} counts as ${grace}: a start within ${grace} is always on time.`,
  ];
}
