/** Lists the secrets of a site, by their names alone. */
import { SECRET_NAME, SITE } from '../../core/domain/names.ts';
import { siteNotFound } from '../../core/domain/not-found.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';

/**
 * The names to which crons of the site can refer, sorted; none for a site that does not exist. Throws NotFoundError for a
 * name that no site can have, and UnavailableError.
 */
export async function listSecrets(
  { secretNames }: Pick<OperationPorts, 'secretNames'>,
  site: string,
): Promise<string[]> {
  if (!SITE.test(site)) throw siteNotFound(site);
  return (await secretNames(site)).filter((name) => SECRET_NAME.test(name));
}
