/** `cloudtab add`, `rm`, `on` and `off`: changes that need no editor. What they do is in lib/app/operations. */

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
import { jsonText } from './options.ts';
import { withSuggestions } from './suggest.ts';
import { fitting } from './table.ts';

export interface ChangeOptions {
  readonly json?: true;
}

export interface AddOptions extends ChangeOptions, FieldOptions, NewSiteOptions {
  readonly uid?: string;
}

/** What to print, and whether something was refused. */
export interface Changed {
  readonly text: string;
  readonly refused: boolean;
}

/** Adds a cron. Throws NotFoundError for a new site, unless it is wanted, so that a slip makes none. */
export async function add(
  target: Target,
  site: string,
  name: string,
  periodicity: string,
  { uid, newSite, json, ...options }: AddOptions,
): Promise<string> {
  await refuseNewSite(target, site, newSite);
  const fields = { ...fieldsOf(options), name, periodicity, ...(uid !== undefined && { uid }) };
  const { message, cron } = await addCron(target.ports, site, fields);
  return json ? jsonText({ site, message, cron: cronJson(cron) }) : fitting(message);
}

/** Removes crons. What is refused for one does not keep the others. */
export async function remove(
  target: Target,
  site: string,
  uids: readonly string[],
  options: ChangeOptions = {},
): Promise<Changed> {
  await known(target, site, uids);
  return told(site, await removeCrons(target.ports, site, uids), options);
}

/** Switches crons on or off; without a uid, the whole crontab. */
export async function power(
  target: Target,
  site: string,
  uids: readonly string[],
  activated: boolean,
  options: ChangeOptions = {},
): Promise<Changed> {
  if (uids.length === 0) {
    const { message, changed } = await withSuggestions(target, site, undefined, () =>
      editSettings(target.ports, site, { activated }),
    );
    return { text: options.json ? jsonText({ site, message, changed }) : fitting(message), refused: false };
  }
  await known(target, site, uids);
  return told(site, await switchCrons(target.ports, site, uids, activated), options);
}

/** Throws NotFoundError, before anything is changed, when one of them was mistyped. */
async function known(target: Target, site: string, uids: readonly string[]): Promise<void> {
  const { crons } = await withSuggestions(target, site, undefined, () =>
    readCrontab(target.ports, site, { fresh: uids.slice(0, 20) }),
  );
  const there = new Set(crons.map(({ uid }) => uid));
  for (const uid of uids.filter((one) => !there.has(one))) {
    await withSuggestions(target, site, uid, async () => {
      throw cronNotFound({ site, uid });
    });
  }
}

function told(site: string, outcome: BulkResult, { json }: ChangeOptions): Changed {
  const { message, changed, done, refused } = outcome;
  const text = json ? jsonText({ site, message, changed, done, refused }) : fitting(message);
  return { text, refused: refused.length > 0 };
}
