/** `cloudtab logs UID`: what a cron did, and why it did not. */
import { dumpLog, iso } from '../domain/log.ts';
import { findCron } from './find-cron.ts';
import type { Target } from './target.ts';
import { duration, table } from './text.ts';

/** The text to print, newest first. Throws NotFoundError when there is no such cron. */
export async function showLogs(target: Target, site: string, uid: string, json?: true): Promise<string> {
  const { job, cron } = await findCron(target, site, uid);
  const logs = job?.logs ?? [];
  if (json) return JSON.stringify({ site, uid, logs: logs.map(dumpLog) }, null, 2);
  if (logs.length === 0) return `${site}/${uid} has not run yet.`;
  const lines = logs.map(({ at, started, date, status, messages, runId = '' }) => [
    iso(at),
    status,
    started === undefined ? '' : duration(date - started),
    runId,
    messages.join(' '),
  ]);
  const count = `${logs.length}/${cron?.value?.logsLimit ?? logs.length} last logs of ${site}/${uid}`;
  return [count, table([['PLANNED', 'STATUS', 'TOOK', 'RUN', 'MESSAGES'], ...lines])].join('\n');
}
