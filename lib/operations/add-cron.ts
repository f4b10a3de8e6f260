/** Adding a cron to a crontab. */
import type { JsonObject } from '../domain/cron.ts';
import { loadCron } from '../domain/cron-schema.ts';
import { InvalidError } from '../domain/errors.ts';
import { SITE } from '../domain/names.ts';
import { shown } from '../domain/problem.ts';
import { refuseReadOnly } from './guard.ts';
import type { CronOutcome } from './outcome.ts';
import type { OperationPorts } from './ports.ts';
import { readCron } from './read.ts';
import { TakenError } from './refusals.ts';
import { type SavePorts, save } from './save.ts';
import { nextText } from './sentences.ts';

export type AddPorts = SavePorts & Pick<OperationPorts, 'random'>;

/**
 * Adds the cron of these fields, as a person would write them. Without a uid it gets a new one. Makes the site when it
 * is the first one there. Throws InvalidError with all problems, TakenError, ReadOnlyError.
 */
export async function addCron(ports: AddPorts, site: string, fields: JsonObject): Promise<CronOutcome> {
  if (!SITE.test(site)) throw new InvalidError([siteProblem(site)]);
  const { uid: given, ...definition } = fields;
  const { uid } = loadCron(fields, { newUid: () => ports.random.id(), runners: ports.runners });
  await refuseReadOnly(ports, site);
  const present = await ports.registry.read({ site, uid });
  if (present) throw new TakenError(site, uid);
  const warning = await save(ports, { site, uid }, definition, present);
  const cron = await readCron(ports, site, uid);
  const named = given === undefined ? `"${definition.name}" as "${uid}"` : `"${uid}"`;
  const message = `Added ${named} to the crontab of "${site}". ${nextText(cron)}${warning}`;
  return { message, changed: true, cron };
}

function siteProblem(site: string) {
  return {
    where: 'site',
    got: shown(site),
    wanted: '1 to 16 lower-case letters, digits and dashes',
    cure: 'Choose such a name.',
  };
}
