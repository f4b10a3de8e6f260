/** `cloudtab plan FILE`: prints the changes that applying a profile would make. */
import { wholeCrontab } from '../../app/door/whole-lists.ts';
import { type CurrentSite, currentSite } from '../../app/profiles/current-site.ts';
import { mergeProblems } from '../../app/profiles/merge-problems.ts';
import { hasChanges, type ProfilePlan, planProfile } from '../../app/profiles/plan.ts';
import type { ProfileProblem } from '../../app/profiles/source-position.ts';
import type { Client } from '../../client/client.ts';
import type { RunnerCheck } from '../../core/domain/cron-schema.ts';
import { type NewSiteOptions, refuseNewSite } from './new-site.ts';
import { type JsonOptions, jsonText, type Printed } from './output.ts';
import { noteLines, planJson, planText, problemCount, problemLines } from './plan-text.ts';
import { type ProfileFileOptions, problemJson, readProfileFile } from './profile-file.ts';
import { fitting } from './table.ts';

export interface PlanFileOptions extends ProfileFileOptions, NewSiteOptions, JsonOptions {
  readonly site: string;
  readonly prune?: true;
  readonly skipUnsupported?: true;
  readonly keepUnknown?: true;
}

/**
 * Exit code 4: there are changes; 1: the file has problems or the crontab is read-only. Throws ConfigurationError when the
 * file cannot be read, and NotFoundError for a site that does not exist, unless `newSite` is set.
 */
export async function planFile(client: Client, file: string, options: PlanFileOptions): Promise<Printed> {
  const plan = await makePlan(client, file, options);
  if ('text' in plan) return plan;
  const code = plan.problems.length > 0 || plan.locked ? 1 : hasChanges(plan) ? 4 : 0;
  const text = options.json ? jsonText(planJson(plan)) : planText(plan, file, client.now());
  return { text, code };
}

/** The plan, or the output when the file itself has problems. */
export async function makePlan(
  client: Client,
  file: string,
  options: PlanFileOptions,
): Promise<ProfilePlan | Printed> {
  await refuseNewSite(client, options.site, options.newSite);
  const { site } = options;
  const [current, runners] = await Promise.all([
    currentSite(site, wholeCrontab(client.call, site)),
    client.runners(),
  ]);
  return planSite({ now: client.now(), runners }, current, file, options);
}

/** The plan for a site that has been read, or the output when the file itself has problems. */
export function planSite(
  { now, runners }: { readonly now: number; readonly runners: RunnerCheck },
  site: CurrentSite,
  file: string,
  options: PlanFileOptions,
): ProfilePlan | Printed {
  const { profile, partial, problems } = readProfileFile(file, options);
  const readable = profile ?? partial;
  if (!readable) return refused(file, options, problems);
  const { prune, skipUnsupported, keepUnknown } = options;
  const plan = planProfile(readable, site, { now, runners, prune, skipUnsupported, keepUnknown });
  return profile ? plan : refused(file, options, mergeProblems(problems, plan.problems), plan);
}

/** The output for a file with problems. It shows no steps, because the problems may hide some. */
export function refused(
  file: string,
  { site, json }: PlanFileOptions,
  problems: readonly ProfileProblem[],
  { leftOut, notes }: Pick<ProfilePlan, 'leftOut' | 'notes'> = { leftOut: [], notes: [] },
): Printed {
  const text = json
    ? jsonText({ site, changes: false, leftOut, notes, problems: problems.map(problemJson) })
    : fitting(
        [
          ...noteLines(file, { leftOut, notes }),
          ...problemLines(file, problems),
          problemCount(problems),
        ].join('\n'),
      );
  return { text, code: 1 };
}
