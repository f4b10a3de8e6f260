/** A site as it would be after a plan was applied, for what looks ahead. */
import { Cron } from '../../core/domain/cron.ts';
import { mergeFields } from '../../core/domain/cron-fields.ts';
import { loadCrontabSettings } from '../../core/domain/crontab-schema.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { CurrentSite } from './current-site.ts';
import type { ProfilePlan } from './plan.ts';

export interface SiteAfter {
  readonly settings: CrontabSettings;
  /** The crons in force: those of the site in its order, then those that are added. */
  readonly crons: readonly Cron[];
}

/** Without a plan, the site as it is. */
export function siteAfter({ settings, crons }: CurrentSite, plan?: ProfilePlan): SiteAfter {
  const after = new Map([...crons].flatMap(([uid, { fields }]) => (fields ? [[uid, new Cron(fields)]] : [])));
  for (const step of plan?.steps ?? []) {
    if (step.kind === 'remove') after.delete(step.uid);
    else after.set(step.uid, step.cron);
  }
  const changes = plan?.settings.map((change) => [change.field, change.after]) ?? [];
  return {
    settings: loadCrontabSettings(mergeFields({ ...settings }, Object.fromEntries(changes))),
    crons: [...after.values()],
  };
}
