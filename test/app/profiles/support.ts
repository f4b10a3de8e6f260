/** Sites and profiles for tests. */

import type { CurrentSite } from '../../../lib/app/profiles/current-site.ts';
import type { Format } from '../../../lib/app/profiles/format-names.ts';
import { readProfile } from '../../../lib/app/profiles/formats.ts';
import type { Profile } from '../../../lib/app/profiles/profile.ts';
import type { ProfileProblem } from '../../../lib/app/profiles/source-position.ts';
import { CRON_DEFAULTS, type CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../../lib/core/domain/crontab-settings.ts';
import { formatProblem } from '../../../lib/core/domain/problem.ts';
import type { RunnerCatalogue } from '../../../lib/core/ports/runner-catalogue.ts';

/** Any runner, any environ. */
export const anyRunner: RunnerCatalogue = { problems: () => [], describe: () => [] };

/** A site with these crons; what they leave out is at its default. */
export function siteOf(
  crons: readonly (Partial<CronFields> & { uid: string })[] = [],
  settings: Partial<CrontabSettings> = {},
): CurrentSite {
  const entries = crons.map((cron) => {
    const fields: CronFields = { ...CRON_DEFAULTS, name: 'heartbeat', periodicity: '0 * * * *', ...cron };
    return [cron.uid, { fields, rejected: false, tag: '1-1' }] as const;
  });
  return { site: 'shop', settings: { ...CRONTAB_DEFAULTS, ...settings }, crons: new Map(entries), views: [] };
}

/** The profile in that text. Throws its problems when it is not valid. */
export function profileIn(text: string, format: Format = 'yaml'): Profile {
  const { profile, problems } = readProfile(text, { format });
  if (!profile) throw new Error(problems.map(placedText).join('\n'));
  return profile;
}

/** The problem in one line that begins with its position. */
export function placedText(problem: ProfileProblem): string {
  const { line, column, uid } = problem;
  return `${line}:${column} ${uid === undefined ? '' : `${uid}: `}${formatProblem(problem)}`;
}

/** The position, the cron and the field of a problem: its data, without the words of its message. */
export function placeText({ line, column, uid, where }: ProfileProblem): string {
  return `${line}:${column} ${uid === undefined ? '' : `${uid}: `}${where}`;
}
