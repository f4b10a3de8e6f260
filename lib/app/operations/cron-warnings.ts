/** Warnings about crons that are valid and may not do what their author expects. */
import { clearSecretWarnings } from '../../core/domain/clear-secrets.ts';
import type { CronFields } from '../../core/domain/cron.ts';
import { GRACE_MS } from '../../core/domain/occurrence.ts';
import { formatDuration } from './format-duration.ts';

/** One sentence or two for each warning; none if there is nothing to warn about. */
export function cronWarnings(
  cron: Pick<CronFields, 'maxLateness' | 'environ'>,
  site: string,
  option?: string,
): string[] {
  return [...policyWarnings(cron), ...clearSecretWarnings(cron.environ, site, option)];
}

/** Those about its policies. */
export function policyWarnings({ maxLateness }: Pick<CronFields, 'maxLateness'>): string[] {
  if (maxLateness * 1000 >= GRACE_MS) return [];
  const grace = formatDuration(GRACE_MS);
  return [
    `maxLateness of ${formatDuration(maxLateness * 1000)} counts as ${grace}: a start within ${grace} is always on time.`,
  ];
}
