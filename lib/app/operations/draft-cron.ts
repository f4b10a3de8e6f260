/** The initial fields of an edit form: the current parameter's. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { CRON_FIELDS, mergeFields, pickFields, withoutDefaults } from '../../core/domain/cron-fields.ts';
import { readCron as validateCron } from '../../core/domain/cron-schema.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import type { Problem } from '../../core/domain/problem.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { tagOf } from './parameter-view.ts';

export interface CronDraft {
  /** As the parameter has them, valid or not, without the uid and those that are null. */
  readonly fields: JsonObject;
  /** Identifies their version. */
  readonly tag: string;
  /** The problems of that version. */
  readonly problems: readonly Problem[];
}

/**
 * The fields of the current parameter as they are written, without unknown ones. The definition in force replaces a text that
 * is not a JSON object. Throws NotFoundError.
 */
export async function draftCron(
  { registry, store, runners }: Pick<OperationPorts, 'registry' | 'store' | 'runners'>,
  site: string,
  uid: string,
): Promise<CronDraft> {
  const [parameter, { cron }] = await Promise.all([registry.read({ site, uid }), store.read(site, uid)]);
  if (!parameter) throw cronNotFound({ site, uid });
  const { problems } = validateCron(parameter.value, { uid, site, runners });
  const written = parseJsonObject(parameter.value);
  const base = written ? mergeFields({}, written) : withoutDefaults({ ...cron?.value });
  const { uid: _, ...fields } = pickFields(base, CRON_FIELDS);
  return { fields, tag: tagOf(parameter), problems };
}
