/** The crontab of a new folder from a profile, in place of the sample. */
import { textOf } from '../../app/operations/parameter-text.ts';
import { planProfile } from '../../app/profiles/plan.ts';
import type { ProfileProblem } from '../../app/profiles/source-position.ts';
import { mergeFields } from '../../core/domain/cron-fields.ts';
import type { RunnerCheck } from '../../core/domain/cron-schema.ts';
import { CRONTAB_DEFAULTS, CRONTAB_FIELDS } from '../../core/domain/crontab-settings.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { noteLines, problemLines } from './plan-text.ts';
import { readProfileFile } from './profile-file.ts';

/** Where the parameters are written. */
export interface Writing {
  write(key: ParameterKey, text: string): Promise<unknown>;
}

/** The scheduler validates runners when it reads the crons: a cron without its runner does not keep the others from running. */
const ANY_RUNNER: RunnerCheck = { problems: () => [] };

/**
 * Writes the settings and crons of the file as the crontab of a site that has none, and returns the notes on the file. Throws
 * ConfigurationError with the problems of the file, and writes nothing then. `now` is in epoch milliseconds.
 */
export async function writeProfile(
  registry: Writing,
  site: string,
  file: string,
  now: number,
): Promise<string[]> {
  const { profile, problems } = readProfileFile(file, {});
  if (!profile) throw refusal(file, problems);
  const nothing = { site, settings: CRONTAB_DEFAULTS, crons: new Map(), views: [] };
  const plan = planProfile(profile, nothing, { now, runners: ANY_RUNNER });
  if (plan.problems.length > 0) throw refusal(file, plan.problems);
  await registry.write({ site }, `${textOf(mergeFields({}, profile.settings, CRONTAB_FIELDS))}\n`);
  for (const { uid, fields } of plan.steps.filter((step) => step.kind === 'add')) {
    const { uid: _, ...definition } = mergeFields({}, fields);
    await registry.write({ site, uid }, `${textOf(definition)}\n`);
  }
  return noteLines(file, plan);
}

function refusal(file: string, problems: readonly ProfileProblem[]): ConfigurationError {
  return new ConfigurationError(
    [`Nothing was started, because ${file} has problems.`, ...problemLines(file, problems)].join('\n'),
  );
}
