/** `cloudtab add`, `rm`, `restore`, `on` and `off`, without their options. lib/app/operations makes the changes. */
import { MAX_BULK } from '../../app/door/input-fields.ts';
import { dumpCron } from '../../app/door/json.ts';
import { wholeCrontab } from '../../app/door/whole-lists.ts';
import type { BulkResult } from '../../app/operations/operation-result.ts';
import type { Client } from '../../client/client.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { confirm } from './confirm.ts';
import { type FieldOptions, fieldsOf } from './fields.ts';
import { type NewSiteOptions, refuseNewSite } from './new-site.ts';
import { type JsonOptions, type Printed, resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';

export interface AddOptions extends JsonOptions, FieldOptions, NewSiteOptions {
  readonly uid?: string;
}

/** Adds a cron. Throws NotFoundError for a site that does not exist, unless `newSite` is set. */
export async function add(
  client: Client,
  site: string,
  name: string,
  periodicity: string,
  { uid, newSite, ...options }: AddOptions,
): Promise<string> {
  await refuseNewSite(client, site, newSite);
  const fields = { ...fieldsOf(options), name, periodicity, ...(uid !== undefined && { uid }) };
  const { message, cron } = await client.call('addCron', { site, newSite: newSite ?? false }, fields);
  return resultText({ site, message, cron: dumpCron(cron) }, options);
}

export interface PowerOptions extends JsonOptions {
  /** Switch the whole crontab. */
  readonly all?: true;
  /** Why, for the history. */
  readonly note?: string;
}

/** Adds removed crons again. One that is refused does not affect the others. Exit code 1: at least one was refused. */
export async function restore(
  client: Client,
  site: string,
  uids: readonly string[],
  options: JsonOptions,
): Promise<Printed> {
  const result = await inParts(uids, (part) => client.call('restoreCrons', { site }, { uids: [...part] }));
  return bulkText(site, result, options);
}

/**
 * Removes crons. One that is refused does not affect the others. Asks at a terminal, unless `yes` is set. Exit code 1: at least
 * one was refused.
 */
export async function remove(
  client: Client,
  site: string,
  uids: readonly string[],
  options: JsonOptions & { readonly yes?: true },
): Promise<Printed> {
  await checkUids(client, site, uids);
  if (process.stdin.isTTY && !options.yes) await confirm(`Remove ${uids.join(', ')} of ${site}?`);
  const result = await inParts(uids, (part) => client.call('removeCrons', { site }, { uids: [...part] }));
  return bulkText(site, result, options);
}

/**
 * Switches crons on or off, or the whole crontab. Throws InvalidError for neither or both. Exit code 1: at least one was
 * refused.
 */
export async function power(
  client: Client,
  site: string,
  uids: readonly string[],
  activated: boolean,
  options: PowerOptions,
): Promise<string | Printed> {
  const { all = false, note } = options;
  const command = activated ? 'on' : 'off';
  if (all === uids.length > 0) {
    const got = all ? 'uids and --all' : 'neither a uid nor --all';
    const fix = `"cloudtab ${command} --all" switches every cron of the site ${site}.`;
    throw new InvalidError([{ where: command, got, wanted: 'one of them', fix }]);
  }
  const power = { activated, ...(note !== undefined && { note }) };
  if (all) {
    const { settings: _, ...switched } = await withSuggestions(client, site, undefined, () =>
      client.call('switchSite', { site }, power),
    );
    return resultText({ site, ...switched }, options);
  }
  await checkUids(client, site, uids);
  const result = await inParts(uids, (part) =>
    client.call('switchCrons', { site }, { uids: [...part], ...power }),
  );
  return bulkText(site, result, options);
}

/** Throws a NotFoundError for each uid that does not exist, as an AggregateError, before anything changes. */
async function checkUids(client: Client, site: string, uids: readonly string[]): Promise<void> {
  const { crons } = await withSuggestions(client, site, undefined, () =>
    wholeCrontab(client.call, site, uids.slice(0, 20)),
  );
  const existing = crons.map(({ uid }) => uid);
  const unknown = [...new Set(uids)].filter((uid) => !existing.includes(uid));
  const errors = unknown.map((uid) => cronNotFound({ site, uid }, existing, client.name));
  if (errors.length > 0) throw new AggregateError(errors);
}

/** Calls with at most so many uids as one call takes, and again with those that it did not reach. */
async function inParts(
  uids: readonly string[],
  work: (part: readonly string[]) => Promise<BulkResult>,
): Promise<BulkResult> {
  const parts: BulkResult[] = [];
  for (let left = [...new Set(uids)]; left.length > 0; ) {
    const part = await work(left.slice(0, MAX_BULK));
    parts.push(part);
    left = [...part.left, ...left.slice(MAX_BULK)];
  }
  return {
    message: parts.map(({ message }) => message).join(' '),
    changed: parts.some(({ changed }) => changed),
    ...(parts.some(({ noteLost }) => noteLost) && { noteLost: true }),
    done: parts.flatMap(({ done }) => done),
    refused: parts.flatMap(({ refused }) => refused),
    left: [],
  };
}

function bulkText(site: string, result: BulkResult, options: JsonOptions): Printed {
  const { left: _, message, ...rest } = result;
  const { refused } = result;
  const isShort = refused.some(({ reason }) => !message.includes(reason));
  const hint = isShort && !options.json ? ' --json lists the reasons of all.' : '';
  const text = resultText({ site, message: `${message}${hint}`, ...rest }, options);
  return { text, code: refused.length > 0 ? 1 : 0 };
}
