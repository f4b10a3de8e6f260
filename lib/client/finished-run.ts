/** Waits for the end of a run that was asked for. */
import type { ForceRunResult } from '../app/operations/operation-result.ts';
import { NotFoundError, UnavailableError } from '../core/domain/errors.ts';
import type { Log } from '../core/domain/log.ts';
import type { Client } from './client.ts';

/** Each pause between two reads is longer by a quarter, up to the longest, in milliseconds: most runs end soon. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Half an hour, twice the time that a run and its lease can take. By then the run or the sweep has written the record. */
const MAX_WAIT_MS = 1_800_000;

/** Its log. Throws NotFoundError when the cron is gone, and UnavailableError after half an hour. */
export async function finishedRun(
  client: Pick<Client, 'call' | 'now' | 'pause'>,
  key: { readonly site: string; readonly uid: string },
  { runId, logId }: Pick<ForceRunResult, 'runId' | 'logId'>,
): Promise<Log> {
  let pauseMs = FIRST_PAUSE_MS;
  for (const end = client.now() + MAX_WAIT_MS; client.now() < end; ) {
    const log = await logOf(client, key, logId);
    if (log) return log;
    await client.pause(pauseMs);
    pauseMs = Math.min(1.25 * pauseMs, LONGEST_PAUSE_MS);
  }
  const { site, uid } = key;
  throw new UnavailableError(
    `The run ${runId} of ${site}/${uid} has no run record after half an hour. ` +
      `See "cloudtab logs ${uid}" and the output of the run function.`,
  );
}

/** However many are newer; absent until the run has ended. */
async function logOf(
  { call }: Pick<Client, 'call'>,
  key: { readonly site: string; readonly uid: string },
  id: string,
): Promise<Log | undefined> {
  try {
    return await call('readLog', key, { id });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    await call('readJob', key);
    return undefined;
  }
}
