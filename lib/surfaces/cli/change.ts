/** `cloudtab add`, `rm`, `on` and `off`, without their options. lib/app/operations makes the changes. */
import { addCron } from '../../app/operations/add-cron.ts';
import { removeCrons, switchCrons } from '../../app/operations/bulk.ts';
import { editSettings } from '../../app/operations/edit-settings.ts';
import type { BulkResult } from '../../app/operations/operation-result.ts';
import { readCrontab } from '../../app/operations/read.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import type { Target } from '../../core/ports/target.ts';
import { cronJson } from './cron-json.ts';
import { type FieldOptions, fieldsOf } from './fields.ts';
import { type NewSiteOptions, refuseNewSite } from './new-site.ts';
import { type JsonOptions, type Printed, resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';

export interface AddOptions extends JsonOptions, FieldOptions, NewSiteOptions {
  readonly uid?: string;
}

/** Adds a cron. Throws NotFoundError for a site that does not exist, unless `newSite` is set. */
export async function add(
  target: Target,
  site: string,
  name: string,
  periodicity: string,
  { uid, newSite, ...options }: AddOptions,
): Promise<string> {
  await refuseNewSite(target, site, newSite);
  const fields = { ...fieldsOf(options), name, periodicity, ...(uid !== undefined && { uid }) };
  const { message, cron } = await addCron(target.ports, site, fields, { newSite: newSite ?? false });
  return resultText({ site, message, cron: cronJson(cron) }, options);
}

/** Removes crons. One that is refused does not affect the others. Exit code 1: at least one was refused. */
export async function remove(
  target: Target,
  site: string,
  uids: readonly string[],
  options: JsonOptions,
): Promise<Printed> {
  await checkUids(target, site, uids);
  return bulkText(site, await removeCrons(target.ports, site, uids), options);
}

/** Switches crons on or off; without a uid, the whole crontab. Exit code 1: at least one was refused. */
export async function power(
  target: Target,
  site: string,
  uids: readonly string[],
  activated: boolean,
  options: JsonOptions,
): Promise<string | Printed> {
  if (uids.length === 0) {
    const { message, changed } = await withSuggestions(target, site, undefined, () =>
      editSettings(target.ports, site, { activated }),
    );
    return resultText({ site, message, changed }, options);
  }
  await checkUids(target, site, uids);
  return bulkText(site, await switchCrons(target.ports, site, uids, { activated }), options);
}

/** Throws NotFoundError, before anything changes, when one of the uids does not exist. */
async function checkUids(target: Target, site: string, uids: readonly string[]): Promise<void> {
  const { crons } = await withSuggestions(target, site, undefined, () =>
    readCrontab(target.ports, site, { fresh: uids.slice(0, 20) }),
  );
  const existing = crons.map(({ uid }) => uid);
  const missing = uids.find((uid) => !existing.includes(uid));
  if (missing !== undefined) throw cronNotFound({ site, uid: missing }, existing, target.name);
}

function bulkText(site: string, result: BulkResult, options: JsonOptions): Printed {
  const { message, changed, done, refused } = result;
  const text = resultText({ site, message, changed, done, refused }, options);
  return { text, code: refused.length > 0 ? 1 : 0 };
}
