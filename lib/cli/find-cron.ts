/** Names that were mistyped: what was not found is told with what was probably meant. */
import { NotFoundError } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { readCrontab, siteNames } from '../operations/read.ts';
import type { Target } from './target.ts';

const MOST_NAMED = 10;

/** Does the work; a NotFoundError about the site or the uid says what there is. Costs nothing unless it is thrown. */
export async function naming<Result>(
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
  if (!sites.includes(site)) {
    return new NotFoundError(`There is no site "${site}" in ${name}. ${hint(site, sites, 'It')}`);
  }
  const uids = (await readCrontab(ports, site)).crons.map((cron) => cron.uid);
  if (uid === undefined || uids.includes(uid)) return error;
  return new NotFoundError(
    `There is no cron "${uid}" on the site "${site}" in ${name}. ${hint(uid, uids, 'The site')}`,
  );
}

/** What was probably meant, or else what there is. */
export function hint(typed: string, known: readonly string[], owner: string): string {
  const meant = nearest(typed, known);
  if (meant) return `Did you mean "${meant}"?`;
  if (known.length === 0) return `${owner} has none.`;
  const more = known.length > MOST_NAMED ? `, and ${known.length - MOST_NAMED} more` : '';
  return `${owner} has: ${known.slice(0, MOST_NAMED).join(', ')}${more}.`;
}
