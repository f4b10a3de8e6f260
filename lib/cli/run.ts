/** `cloudtab run UID`: a run now, and how it ended. */
import { setTimeout as pause } from 'node:timers/promises';
import { dumpLog, type Log } from '../domain/log.ts';
import { findCron } from './find-cron.ts';
import type { Target } from './target.ts';
import { duration } from './text.ts';

export interface RunOptions {
  readonly wait: boolean;
  readonly json?: true;
}

const LOOK_EVERY = 500;

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

/** The run's own limit of time, and then its lease, see to it that there is a log in the end. */
async function logOf(target: Target, site: string, uid: string, runId: string): Promise<Log> {
  for (;;) {
    const { job } = await findCron(target, site, uid);
    const log = job?.logs.find((one) => one.runId === runId);
    if (log) return log;
    await pause(LOOK_EVERY);
  }
}
