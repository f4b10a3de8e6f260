/** `cloudtab plan FILE`: what applying a profile would do. */
import { hasChanges, type Plan, plan } from '../profiles/plan.ts';
import { readSiteNow } from '../profiles/site-now.ts';
import { type NewSiteOptions, refuseNewSite } from './new-site.ts';
import { planJson, planText } from './plan-text.ts';
import { type ProfileFileOptions, placedText, problemJson, readProfileFile } from './profile-file.ts';
import type { Target } from './target.ts';

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

/** The plan; or what to print when the file is no profile. */
export async function makePlan(
  { ports, name }: PlanTarget,
  file: string,
  { site, prune, json, newSite, ...options }: PlanFileOptions,
): Promise<Plan | Printed> {
  await refuseNewSite({ ports, name }, site, newSite);
  const { profile, problems } = readProfileFile(file, options);
  if (profile) {
    const now = ports.clock.now();
    return plan(profile, await readSiteNow(ports, site), {
      now,
      runners: ports.runners,
      prune: prune === true,
    });
  }
  const text = json
    ? JSON.stringify({ site, changes: false, problems: problems.map(problemJson) }, null, 2)
    : problems.map((problem) => placedText(file, problem)).join('\n');
  return { text, code: 1 };
}
