/** What a form for an edit begins with: what a person last wrote, as far as it may be shown. */

import { CRON_DEFAULTS, type JsonObject } from '../../core/domain/cron.ts';
import { cronSchema, readCron as judge } from '../../core/domain/cron-schema.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import type { Problem } from '../../core/domain/problem.ts';
import { sameJson } from '../../core/domain/same-json.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { tagOf } from './parameter-view.ts';

export interface CronDraft {
  /** As they stand in the parameter, right or wrong, without the uid. */
  readonly fields: JsonObject;
  /** Names the version that they are of. */
  readonly tag: string;
  /** What is wrong with that version. */
  readonly problems: readonly Problem[];
}

/**
 * The fields of the parameter that stands. What no cron has is left out, and an environ that is not valid, since it may
 * hold anything, gives way to the one in force; so does a whole text that is no object. Throws NotFoundError.
 */
export async function draftCron(
  { registry, store, runners }: Pick<OperationPorts, 'registry' | 'store' | 'runners'>,
  site: string,
  uid: string,
): Promise<CronDraft> {
  const [parameter, { cron }] = await Promise.all([registry.read({ site, uid }), store.read(site, uid)]);
  if (!parameter) throw cronNotFound({ site, uid });
  const { problems } = judge(parameter.value, { uid, runners });
  const written = parseJsonObject(parameter.value);
  const good: JsonObject = { ...cron?.value };
  const { environ = {} } = good;
  const isBadEnviron = problems.some(({ where }) => /^environ\b/.test(where));
  const fields = written
    ? fieldsOf(isBadEnviron ? { ...written, environ } : written)
    : withoutDefaults(fieldsOf(good));
  return { fields, tag: tagOf(parameter), problems };
}

function fieldsOf(object: JsonObject): JsonObject {
  const known = Object.entries(object).filter(
    ([name]) => name !== 'uid' && Object.hasOwn(cronSchema.shape, name),
  );
  return Object.fromEntries(known);
}

function withoutDefaults(fields: JsonObject): JsonObject {
  const defaults: JsonObject = CRON_DEFAULTS;
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !sameJson(value, defaults[name])),
  );
}
