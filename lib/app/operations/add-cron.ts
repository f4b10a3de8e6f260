/** Adds a cron to a crontab. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { mergeFields } from '../../core/domain/cron-fields.ts';
import { loadCron } from '../../core/domain/cron-schema.ts';
import { AlreadyExistsError } from '../../core/domain/errors.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { cronWarnings } from './cron-warnings.ts';
import type { EditOptions } from './edit-cron.ts';
import { nextRunText } from './messages.ts';
import type { CronResult } from './operation-result.ts';
import { requireSiteName, requireWritable } from './preconditions.ts';
import { readCron, requireSite } from './read.ts';
import { type SavePorts, save } from './save.ts';

export type AddPorts = SavePorts & Pick<OperationPorts, 'random'>;

export interface AddOptions extends Pick<EditOptions, 'anyRunnerWhileOff'> {
  /** Whether a missing site is created. Default: false. */
  readonly newSite?: boolean;
}

/**
 * Adds a cron with these fields, as users write them. Generates a missing uid. Throws NotFoundError for a missing site,
 * InvalidError with all problems, AlreadyExistsError, ReadOnlyError.
 */
export async function addCron(
  ports: AddPorts,
  site: string,
  fields: JsonObject,
  { anyRunnerWhileOff = false, newSite = false }: AddOptions = {},
): Promise<CronResult> {
  requireSiteName(site);
  const { uid: given, ...definition } = mergeFields({}, fields);
  const newUid = () => ports.random.id();
  const added = loadCron(fields, { newUid, runners: ports.runners, anyRunnerWhileOff, site });
  const { uid } = added;
  if (!newSite) await requireSite(ports, site);
  await requireWritable(ports, site);
  const present = await ports.registry.read({ site, uid });
  if (present) throw new AlreadyExistsError(site, uid);
  const warning = await save(ports, { site, uid }, definition, present);
  const cron = await readCron(ports, site, uid);
  const named = given === undefined ? `"${definition.name}" as "${uid}"` : `"${uid}"`;
  const message = [
    `Added ${named} to the crontab of "${site}". ${nextRunText(cron)}${warning}`,
    ...cronWarnings(added, site, ports.option),
    ports.runners.unchecked?.(added.name, site) ?? [],
  ].flat();
  return { message: message.join(' '), changed: true, cron };
}
