/** The state of a site after a plan is applied, for forecasts. */
import { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { CurrentSite } from './current-site.ts';
import type { ProfilePlan } from './plan.ts';

export interface SiteAfter {
  readonly settings: CrontabSettings;
  /** The crons in force: those of the site in its order, then those that the plan adds. */
  readonly crons: readonly Cron[];
}

/** The current state when there is no plan. */
export function siteAfter({ settings, crons }: CurrentSite, plan?: ProfilePlan): SiteAfter {
  const after = new Map([...crons].flatMap(([uid, { fields }]) => (fields ? [[uid, new Cron(fields)]] : [])));
  for (const step of plan?.steps ?? []) {
    if (step.kind === 'remove') after.delete(step.uid);
    else after.set(step.uid, step.cron);
  }
  return { settings: plan?.settingsAfter ?? settings, crons: [...after.values()] };
}
