/** `cloudtab run UID`: a run now, and how it ended. */

import { forceRun } from '../../app/operations/force-run.ts';
import { formatDuration } from '../../app/operations/format-duration.ts';
import { readCron } from '../../app/operations/read.ts';
import { CloudtabError } from '../../core/domain/errors.ts';
import { dumpLog, type Log } from '../../core/domain/log.ts';
import { pause } from '../../core/ports/clock.ts';
import type { Target } from '../../core/ports/target.ts';
import { statusCell } from './health.ts';
import { jsonText } from './options.ts';
import { withSuggestions } from './suggest.ts';
import { fitting, plain, styled } from './table.ts';

export interface RunOptions {
  readonly wait: boolean;
  readonly json?: true;
}

/** In milliseconds. */
const LOOK_EVERY = 500;
/** Half an hour: twice what a run and its lease can take. */
const MAX_LOOKS = 3600;

/** Asks for the run and waits for its log, unless told otherwise. Throws NotFoundError when there is no such cron. */
export async function runCron(
  target: Target,
  site: string,
  uid: string,
  { wait, json }: RunOptions,
): Promise<{ readonly text: string; readonly failed: boolean }> {
  const { message, runId } = await withSuggestions(target, site, uid, () =>
    forceRun(target.ports, site, uid),
  );
  if (!wait) return { text: json ? JSON.stringify({ site, uid, runId }) : fitting(message), failed: false };
  const log = await logOf(target, site, uid, runId);
  const failed = log.status === 'FAILURE' || log.status === 'NOTRUN';
  if (json) return { text: jsonText({ site, uid, runId, log: dumpLog(log) }), failed };
  const took = log.startedAt === undefined ? '' : ` in ${formatDuration(log.date - log.startedAt)}`;
  const { text, style } = statusCell(log.status);
  const said = `${styled(style, text)}${took}: ${site}/${uid}, run ${runId}`;
  return { text: fitting([said, ...log.messages.map(plain)].join('\n')), failed };
}

/** The run's own limit of time, and then its lease and the sweep, see to it that there is a log by then. */
async function logOf({ ports }: Target, site: string, uid: string, runId: string): Promise<Log> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const { logs } = await readCron(ports, site, uid);
    const log = logs.find((one) => one.runId === runId || one.id.endsWith(`-${runId}`));
    if (log) return log;
    await pause(ports.clock, LOOK_EVERY);
  }
  throw new CloudtabError(
    `The run ${runId} of ${site}/${uid} left no log in ${(MAX_LOOKS * LOOK_EVERY) / 60_000} minutes. ` +
      `Look at "cloudtab logs ${uid}" and at the lines of the run function.`,
  );
}
