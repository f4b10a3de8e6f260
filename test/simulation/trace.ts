/** The trace of a run: what happened when, line by line. */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';

interface TraceLine {
  readonly time: number;
  readonly key: Partial<ParameterKey>;
  readonly text: string;
}

/** The first word of a line that reports an action of the user. */
export const USER_PREFIX = 'USER';

export class Trace {
  readonly lines: TraceLine[] = [];

  add(time: number, key: Partial<ParameterKey>, text: string): void {
    this.lines.push({ time, key, text });
  }

  /** The last `limit` lines about the key, with the user's actions on the whole system; all keys when it is empty. */
  about({ site, uid }: Partial<ParameterKey>, limit = Number.POSITIVE_INFINITY): string[] {
    const lines = this.lines.filter(({ key, text }) => {
      if (site === undefined) return true;
      if (key.site === undefined) return text.startsWith(USER_PREFIX);
      return key.site === site && (key.uid === undefined || uid === undefined || key.uid === uid);
    });
    return lines.slice(-limit).map(({ time, key: { site, uid }, text }) => {
      const prefix = site === undefined ? '' : uid === undefined ? `${site}: ` : `${site}/${uid}: `;
      return `${formatTime(time)}  ${prefix}${text}`;
    });
  }
}

/** `2026-03-29 01:00:00.123`, in UTC. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().slice(0, 23).replace('T', ' ');
}

/** A job in one line: its armed, waiting and running occurrences. */
export function formatJob(job: Job): string {
  const { token, armedAt, timing, waiting, waitingForced, leases, closedAt, busySince, decidedUntil } = job;
  const timeOf = (time: number | undefined) => (time === undefined ? 'none' : formatTime(time).slice(0, 19));
  const forced = waitingForced.map((run) => run.forced).join(', ');
  const running = leases.map(({ plannedAt, runId }) => `${timeOf(plannedAt)} as ${runId}`).join(', ');
  return [
    `token ${token}`,
    closedAt === undefined ? `armed: ${timeOf(armedAt)} (${timing})` : `closed: ${timeOf(closedAt)}`,
    `waiting: ${waiting ? `${timeOf(waiting.from)} to ${timeOf(waiting.to)}` : 'none'} ${forced}`,
    `running: ${running || 'none'}`,
    `busy since: ${timeOf(busySince)}`,
    `decided until: ${timeOf(decidedUntil)}`,
  ].join(', ');
}

/** A run record in one line. */
export function formatRecord({ plannedAt, status, reason, covers, messages, runId }: RunRecord): string {
  const range = covers
    ? ` and ${covers.count - 1} before it from ${formatTime(covers.from).slice(0, 19)}`
    : '';
  const time = formatTime(plannedAt).slice(0, 19);
  return `${status} ${reason ?? ''} of ${time}${range}, ${runId ?? 'no run'}: ${messages.join(' ')}`;
}
