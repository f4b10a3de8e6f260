/** Removing a cron. */
import { NotFoundError } from '../domain/errors.ts';
import type { EditOptions } from './edit-cron.ts';
import { nameOf, refuseChanged, refuseReadOnly } from './guard.ts';
import type { Outcome } from './outcome.ts';
import { erase, type SavePorts } from './save.ts';

/** Removes the cron and its logs; a run that goes on ends. Throws NotFoundError, ChangedError, ReadOnlyError. */
export async function removeCron(
  ports: SavePorts,
  site: string,
  uid: string,
  { expected }: EditOptions = {},
): Promise<Outcome> {
  const key = { site, uid };
  const present = await ports.registry.read(key);
  if (!present) throw new NotFoundError(`There is no cron "${uid}" on the site "${site}".`);
  await refuseReadOnly(ports, site);
  await refuseChanged(ports, key, present, expected);
  await erase(ports, key);
  return { message: `${nameOf(key)} was removed, with its logs.`, changed: true };
}
