/** Since when crons and crontabs are off, by whom and why, for lists. */
import pMap from 'p-map';
import { offOf } from '../../app/door/off-of.ts';
import { offText } from '../../app/operations/off-since.ts';
import type { Client } from '../../client/client.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { formatBoth } from './format-time.ts';
import { plain } from './table.ts';

/** One that is switched off. */
export interface Switched {
  readonly key: ParameterKey;
  /** As the line names it. */
  readonly name: string;
  readonly timezone: string;
}

/** Each costs a call. */
const MOST = 20;
const AT_ONCE = 4;

/** A line for each, as far as its history is kept, at most twenty. */
export async function offLines(client: Client, switched: readonly Switched[]): Promise<string[]> {
  const lines = await pMap(
    switched.slice(0, MOST),
    async ({ key, name, timezone }) => {
      const off = await offOf(client.call, key);
      return off
        ? [`– ${name} is off since ${formatBoth(off.since, client.now(), timezone)}${plain(offText(off))}`]
        : [];
    },
    { concurrency: AT_ONCE },
  );
  return lines.flat();
}
