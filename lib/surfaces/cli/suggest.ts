/** Names that were mistyped: what was not found is told with what was probably meant. */

import { readCrontab, siteNames } from '../../app/operations/read.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { nearest } from '../../core/domain/nearest.ts';
import type { Target } from '../../core/ports/target.ts';

const MOST_NAMED = 10;

/** Does the work; a NotFoundError about the site or the uid says what there is. Costs nothing unless it is thrown. */
export async function withSuggestions<Result>(
  target: Target,
  site: string,
  uid: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw await explained(target, site, uid, error);
  }
}

async function explained(
  { ports, name }: Target,
  site: string,
  uid: string | undefined,
  error: NotFoundError,
): Promise<NotFoundError> {
  const sites = await siteNames(ports);
  if (!sites.includes(site)) return siteNotFound(site, name, sites);
  const uids = (await readCrontab(ports, site)).crons.map((cron) => cron.uid);
  if (uid === undefined || uids.includes(uid)) return error;
  return cronNotFound({ site, uid }, name, uids);
}

/** The error for a site that the target does not have; `sites` are those that it has. */
export function siteNotFound(site: string, target: string, sites: readonly string[]): NotFoundError {
  return new NotFoundError(`There is no site "${site}" in ${target}. ${suggestion(site, sites, 'It')}`);
}

/** The error for a cron that the site does not have; `uids` are those that it has. */
export function cronNotFound(
  { site, uid }: Required<ParameterKey>,
  target: string,
  uids: readonly string[],
): NotFoundError {
  return new NotFoundError(
    `There is no cron "${uid}" on the site "${site}" in ${target}. ${suggestion(uid, uids, 'The site')}`,
  );
}

/** What was probably meant, or else what there is. */
function suggestion(typed: string, known: readonly string[], owner: string): string {
  const meant = nearest(typed, known);
  if (meant) return `Did you mean "${meant}"?`;
  if (known.length === 0) return `${owner} has none.`;
  const more = known.length > MOST_NAMED ? `, and ${known.length - MOST_NAMED} more` : '';
  return `${owner} has: ${known.slice(0, MOST_NAMED).join(', ')}${more}.`;
}
