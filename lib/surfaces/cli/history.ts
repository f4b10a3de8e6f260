/** `cloudtab history` and `rollback`: lists the versions of a parameter and restores an earlier one. */

import { dumpVersion } from '../../app/door/json.ts';
import { wholeHistory } from '../../app/door/whole-lists.ts';
import { changesText } from '../../app/operations/field-changes.ts';
import type { VersionView } from '../../app/operations/history.ts';
import type { Client } from '../../client/client.ts';
import { InvalidError, NotFoundError } from '../../core/domain/errors.ts';
import { describeKey, type ParameterKey } from '../../core/domain/names.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { timeFormatter } from './format-time.ts';
import { jsonText, type TextOptions } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, table } from './table.ts';

export interface HistoryOptions extends TextOptions {
  readonly absolute?: true;
}

/** The text to print, newest version first; without a uid, of the settings of the crontab. */
export async function showHistory(client: Client, key: ParameterKey, options: HistoryOptions = {}) {
  const versions = await withSuggestions(client, key.site, key.uid, async () => {
    const found = await wholeHistory(client.call, key);
    if (found.length === 0) throw new NotFoundError(`${describeKey(key)} has no settings of its own.`);
    return found;
  });
  if (options.json) {
    return jsonText({ ...key, versions: versions.map(dumpVersion) });
  }
  const { timezone } = await client.call('readSettings', { site: key.site });
  const now = client.now();
  const formatTime = timeFormatter(options.absolute, timezone);
  const rows = versions.map((version): Cell[] => [
    `${version.version}${version.current ? ' (now)' : ''}`,
    formatTime(version.modified, now),
    version.author ?? version.writer ?? '',
    whatOf(version),
  ]);
  return table([['VERSION', 'WHEN', 'WHO', 'WHAT'], ...rows], { ...options, head: true, mayCut: ['WHO'] });
}

function whatOf({ changes, problems }: VersionView): Cell {
  if (problems) return { text: `not valid: ${problems.map(({ where }) => where).join(', ')}`, style: 'red' };
  return changes.length === 0 ? 'nothing' : changesText(changes);
}

/** The message to print. Throws NotFoundError, and InvalidError when the version is not a number. */
export async function rollBack(client: Client, key: ParameterKey, version: string): Promise<string> {
  const { site, uid } = key;
  if (!/^\d+$/.test(version)) {
    const fix = `See: cloudtab history ${uid ?? ''}`.trimEnd();
    throw new InvalidError([{ where: 'VERSION', got: formatValue(version), wanted: 'a number', fix }]);
  }
  const { message } = await withSuggestions(client, site, uid, () =>
    uid === undefined
      ? client.call('rollbackSite', { site }, { version: Number(version) })
      : client.call('rollbackCron', { site, uid }, { version: Number(version) }),
  );
  return message;
}
