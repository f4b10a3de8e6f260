/** Warnings about crons that are valid and may not do what their author expects. */
import { clearSecretWarnings } from '../../core/domain/clear-secrets.ts';
import type { CronFields } from '../../core/domain/cron.ts';
import { policyWarnings } from './policy-warnings.ts';

/** One sentence or two for each warning; none if there is nothing to warn about. */
export function cronWarnings(
  cron: Pick<CronFields, 'maxLateness' | 'environ'>,
  site: string,
  option?: string,
): string[] {
  return [...policyWarnings(cron), ...clearSecretWarnings(cron.environ, site, option)];
}
