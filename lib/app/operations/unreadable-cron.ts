/** The problem of a cron whose stored state this version cannot read: nothing of it runs, and no other cron is affected. */
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Problem } from '../../core/domain/problem.ts';

/** `stateReason` is why an item of the cron cannot be read. Absent if the cron can be read. */
export function unreadableProblem(
  stateReason: string | undefined,
  cron: Cron | undefined,
  { timezone }: CrontabSettings,
): Problem | undefined {
  if (stateReason !== undefined) {
    const fix =
      'Run "cloudtab doctor --fix", which reads its parameter again. If that does not help, delete that item from the table.';
    return { where: 'stored state', got: stateReason, wanted: 'items that this version can read', fix };
  }
  const got = cron?.unreadable(timezone);
  if (got === undefined) return undefined;
  return { where: 'definition', got, wanted: 'one that this version can read', fix: 'Edit the cron.' };
}
