/** `cloudtab run UID`: a run now, and how it ended. */
import { setTimeout as pause } from 'node:timers/promises';
import { CloudtabError } from '../domain/errors.ts';
import { dumpLog, type Log } from '../domain/log.ts';
import { findCron } from './find-cron.ts';
import type { Target } from './target.ts';
import { duration } from './text.ts';

export interface RunOptions {
  readonly wait: boolean;
  readonly json?: true;
}

/** In milliseconds. */
const LOOK_EVERY = 500;
/** Half an hour: twice what a run and its lease can take. */
const MOST_LOOKS = 3600;

/** Asks for the run and waits for its log, unless told otherwise. Throws NotFoundError when there is no such cron. */
export async function runCron(
  target: Target,
  site: string,
  uid: string,
  { wait, json }: RunOptions,
): Promise<{ readonly text: string; readonly failed: boolean }> {
  await findCron(target, site, uid);
  const runId = await target.force(site, uid);
  if (!wait) {
    const text = json ? JSON.stringify({ site, uid, runId }) : `Asked for run ${runId} of ${site}/${uid}.`;
    return { text, failed: false };
  }
  const log = await logOf(target, site, uid, runId);
  const failed = log.status === 'FAILURE' || log.status === 'NOTRUN';
  if (json) return { text: JSON.stringify({ site, uid, runId, log: dumpLog(log) }, null, 2), failed };
  const took = log.started === undefined ? '' : ` in ${duration(log.date - log.started)}`;
  return { text: [`${log.status}${took}: ${site}/${uid}, run ${runId}`, ...log.messages].join('\n'), failed };
}

/** The run's own limit of time, and then its lease and the sweep, see to it that there is a log by then. */
async function logOf(target: Target, site: string, uid: string, runId: string): Promise<Log> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const { job } = await findCron(target, site, uid);
    const log = job?.logs.find((one) => one.runId === runId);
    if (log) return log;
    await pause(LOOK_EVERY);
  }
  throw new CloudtabError(
    `The run ${runId} of ${site}/${uid} left no log in ${(MOST_LOOKS * LOOK_EVERY) / 60_000} minutes. ` +
      `Look at "cloudtab logs ${uid}" and at the lines of the run function.`,
  );
}
