/** `cloudtab run UID`: forces a run and prints its result. */
import { forceRun, readForcedLog } from '../../app/operations/force-run.ts';
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { ForceRunResult } from '../../app/operations/operation-result.ts';
import { CloudtabError } from '../../core/domain/errors.ts';
import { dumpLog, type Log } from '../../core/domain/log.ts';
import { pause } from '../../core/ports/clock.ts';
import type { Target } from '../../core/ports/target.ts';
import { statusCell } from './health.ts';
import { type JsonOptions, jsonText, type Printed } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { fitting, plain, styled } from './table.ts';

export interface RunOptions extends JsonOptions {
  readonly wait: boolean;
}

const POLL_EVERY_MS = 500;
/** Half an hour: twice the time that a run and its lease can take. */
const POLLS = 3600;

/**
 * Forces a run and, with `wait`, polls for its run record. Exit code 3: the run failed or did not happen. Throws
 * NotFoundError when the cron does not exist.
 */
export async function runCron(
  target: Target,
  site: string,
  uid: string,
  { wait, json }: RunOptions,
): Promise<Printed> {
  const { message, runId, logId } = await withSuggestions(target, site, uid, () =>
    forceRun(target.ports, site, uid),
  );
  if (!wait) return { text: json ? jsonText({ site, uid, runId }) : fitting(message), code: 0 };
  const log = await forcedLog(target, site, uid, { runId, logId });
  const code = log.status === 'FAILURE' || log.status === 'NOTRUN' ? 3 : 0;
  if (json) return { text: jsonText({ site, uid, runId, log: dumpLog(log) }), code };
  const took = log.startedAt === undefined ? '' : ` in ${formatDuration(log.date - log.startedAt)}`;
  const { text, style } = statusCell(log.status);
  const headline = `${styled(style, text)}${took}: ${site}/${uid}, run ${runId}`;
  return { text: fitting([headline, ...log.messages.map(plain)].join('\n')), code };
}

/** The run record. By the last poll it exists: either the run's timeout or, after its lease, the sweep has written it. */
async function forcedLog(
  { ports }: Target,
  site: string,
  uid: string,
  { runId, logId }: Pick<ForceRunResult, 'runId' | 'logId'>,
): Promise<Log> {
  for (let poll = 0; poll < POLLS; poll++) {
    const log = await readForcedLog(ports, site, uid, logId);
    if (log) return log;
    await pause(ports.clock, POLL_EVERY_MS);
  }
  throw new CloudtabError(
    `The run ${runId} of ${site}/${uid} has no run record after ${(POLLS * POLL_EVERY_MS) / 60_000} minutes. ` +
      `See "cloudtab logs ${uid}" and the output of the run function.`,
  );
}
