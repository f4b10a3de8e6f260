/** The latest logs of several crons. */
import pMap from 'p-map';
import type { Call } from '../app/door/call.ts';
import { MAX_BULK } from '../app/door/input-fields.ts';
import type { CronView } from '../app/operations/cron-view.ts';
import { UnavailableError } from '../core/domain/errors.ts';
import type { Log } from '../core/domain/log.ts';

const AT_ONCE = 4;
const MOST = 25;

/** Newest first and at most the `logsLimit` of each cron, by uid. One call for each fifty crons that have run. */
export async function logsOf(
  call: Call,
  site: string,
  crons: readonly CronView[],
): Promise<ReadonlyMap<string, readonly Log[]>> {
  const limits = new Map(
    crons.filter(({ job }) => job.last).map(({ uid, definition }) => [uid, definition?.logsLimit ?? 1]),
  );
  const found = new Map<string, readonly Log[]>();
  const uids = [...limits.keys()];
  const parts = Array.from({ length: Math.ceil(uids.length / MAX_BULK) }, (_, index) =>
    uids.slice(index * MAX_BULK, (index + 1) * MAX_BULK),
  );
  const read = async (part: readonly string[]) => {
    for (let left = part; left.length > 0; ) {
      const answer = await call('readLogsOf', { site }, { uids: [...left], count: MOST });
      for (const { uid, logs } of answer.logs) found.set(uid, logs.slice(0, limits.get(uid)));
      if (answer.left.length >= left.length) throw new UnavailableError('The logs of no cron were sent.');
      left = answer.left;
    }
  };
  await pMap(parts, read, { concurrency: AT_ONCE });
  return found;
}
