/** Follows a run that was asked for until its end. */
import type { ForceRunResult } from '../app/operations/operation-result.ts';
import type { Output } from '../app/operations/read-output.ts';
import { NotFoundError, UnavailableError } from '../core/domain/errors.ts';
import type { Log } from '../core/domain/log.ts';
import type { ParameterKey } from '../core/domain/names.ts';
import type { Client } from './client.ts';

/** Each pause between two reads is longer by a quarter, up to the longest, in milliseconds: most runs end soon. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** While its output is shown. */
const LONGEST_PAUSE_WITH_OUTPUT_MS = 1_000;
/** Half an hour, twice the time that a run and its lease can take. By then the run or the sweep has written the record. */
const MAX_WAIT_MS = 1_800_000;

export interface FollowOptions {
  /** Receives the output in parts, soon after the run wrote them, and all of it before the log is returned. */
  readonly onOutput?: (output: Output) => void;
  /** Ends the wait, not the run. */
  readonly signal?: AbortSignal;
}

type Caller = Pick<Client, 'call' | 'now' | 'pause'>;

/**
 * Its log. Throws NotFoundError when the cron is gone, UnavailableError after half an hour, and the reason of the signal when
 * that is aborted.
 */
export async function finishedRun(
  client: Caller,
  key: Required<ParameterKey>,
  { runId, logId }: Pick<ForceRunResult, 'runId' | 'logId'>,
  { onOutput, signal }: FollowOptions = {},
): Promise<Log> {
  const longest = onOutput ? LONGEST_PAUSE_WITH_OUTPUT_MS : LONGEST_PAUSE_MS;
  let pauseMs = FIRST_PAUSE_MS;
  let log: Log | undefined;
  let output: Output | undefined;
  for (const end = client.now() + MAX_WAIT_MS; client.now() < end; ) {
    // The log before the output: then no line of it is missed.
    if (!output?.isRunning) log ??= await logOf(client, key, logId);
    if (onOutput && !(output && output.cursor === undefined)) {
      output = await nextOutput(client, key, logId, output?.cursor);
      if (output && !signal?.aborted) onOutput(output);
    }
    if (log && output?.cursor === undefined) return log;
    if (output && !output.isRunning && (!log || output.lines.length > 0)) continue;
    signal?.throwIfAborted();
    await client.pause(pauseMs, signal);
    pauseMs = Math.min(1.25 * pauseMs, longest);
  }
  const { site, uid } = key;
  throw new UnavailableError(
    `The run ${runId} of ${site}/${uid} has no run record after half an hour. ` +
      `See "cloudtab runs ${uid}" and the output of the run function.`,
  );
}

/** However many are newer; absent until the run has ended. */
async function logOf({ call }: Caller, key: Required<ParameterKey>, id: string): Promise<Log | undefined> {
  try {
    return await call('readLog', key, { id });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    await call('readJob', key);
    return undefined;
  }
}

/** Absent until the run has started, and if it does not run. */
async function nextOutput(
  { call }: Caller,
  key: Required<ParameterKey>,
  id: string,
  cursor: string | undefined,
): Promise<Output | undefined> {
  try {
    return await call('readOutput', key, { id, ...(cursor !== undefined && { cursor }) });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
