/** `cloudtab plan FILE`: what applying a profile would do. */

import { type CurrentSite, readCurrentSite } from '../../app/profiles/current-site.ts';
import { mergeProblems } from '../../app/profiles/merge-problems.ts';
import { hasChanges, type ProfilePlan, planProfile } from '../../app/profiles/plan.ts';
import type { LeftOut, ProfileProblem } from '../../app/profiles/source-position.ts';
import type { Target } from '../../core/ports/target.ts';
import { type NewSiteOptions, refuseNewSite } from './new-site.ts';
import { planJson, planText, problemCount, problemLines } from './plan-text.ts';
import { type ProfileFileOptions, problemJson, readProfileFile } from './profile-file.ts';

export interface PlanFileOptions extends ProfileFileOptions, NewSiteOptions {
  readonly site: string;
  readonly prune?: true;
  readonly json?: true;
}

/** What to print, and the exit code: 0 nothing would change, 4 something would, 1 the file has problems. */
export interface Printed {
  readonly text: string;
  readonly code: number;
}

/** What planning and applying need of a target. */
export type PlanTarget = Pick<Target, 'ports' | 'name'>;

/** Exit code: there are changes. */
const CHANGES = 4;

/** Throws ConfigurationError when the file cannot be read, NotFoundError for a new site that is not said to be wanted. */
export async function planFile(target: PlanTarget, file: string, options: PlanFileOptions): Promise<Printed> {
  const made = await makePlan(target, file, options);
  if ('text' in made) return made;
  const code = made.problems.length > 0 || made.locked ? 1 : hasChanges(made) ? CHANGES : 0;
  const text = options.json
    ? JSON.stringify(planJson(made), null, 2)
    : planText(made, file, target.ports.clock.now());
  return { text, code };
}

/** The plan; or what to print when the file has problems of its own. */
export async function makePlan(
  target: PlanTarget,
  file: string,
  options: PlanFileOptions,
): Promise<ProfilePlan | Printed> {
  await refuseNewSite(target, options.site, options.newSite);
  return planSite(target, await readCurrentSite(target.ports, options.site), file, options);
}

/** The same for a site that was read before. */
export function planSite(
  { ports: { clock, runners } }: PlanTarget,
  site: CurrentSite,
  file: string,
  options: PlanFileOptions,
): ProfilePlan | Printed {
  const { profile, partial, problems } = readProfileFile(file, options);
  const known = profile ?? partial;
  if (!known) return refused(file, options, problems, []);
  const made = planProfile(known, site, { now: clock.now(), runners, prune: options.prune ?? false });
  return profile ? made : refused(file, options, mergeProblems(problems, made.problems), made.leftOut);
}

/** Of a file with problems of its own no step is shown: what it wants is not known. */
export function refused(
  file: string,
  { site, json }: PlanFileOptions,
  problems: readonly ProfileProblem[],
  leftOut: readonly LeftOut[],
): Printed {
  const text = json
    ? JSON.stringify({ site, changes: false, leftOut, problems: problems.map(problemJson) }, null, 2)
    : [...problemLines(file, problems, leftOut), problemCount(problems)].join('\n');
  return { text, code: 1 };
}
