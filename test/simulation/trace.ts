/** The trace of a run: what happened when, line by line. */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';

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

/** A job in one line: its armed, pending and running occurrences, and its newest run record. */
export function formatJob(job: Job | undefined): string {
  if (!job) return 'none';
  const { revision, armed, pending, leases, logs } = job;
  const listed = (occurrences: readonly { plannedAt: number; forced?: string }[]) =>
    occurrences.map(({ plannedAt, forced }) => forced ?? formatTime(plannedAt).slice(0, 19)).join(', ') ||
    'none';
  const [record] = logs;
  const newest = record
    ? `${record.status} of ${formatTime(record.plannedAt).slice(0, 19)} ${record.messages.join(' ')}`
    : 'none';
  const next = armed ? `${formatTime(armed.plannedAt).slice(0, 19)} (${armed.timing})` : 'none';
  return `revision ${revision}, armed: ${next}, pending: ${listed(pending)}, running: ${listed(leases)}, newest record: ${newest}`;
}
