/** What happened, line by line, for whoever reads why an invariant broke. */
import type { Job } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';

interface Line {
  readonly time: number;
  readonly key: Partial<ParameterKey>;
  readonly text: string;
}

/** An invariant that did not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Epoch milliseconds. */
  readonly time: number;
  readonly invariant: string;
  readonly key: Partial<ParameterKey>;

  constructor(time: number, invariant: string, key: Partial<ParameterKey>, message: string) {
    super(message);
    this.time = time;
    this.invariant = invariant;
    this.key = key;
  }
}

/** How a line begins that tells what the person does. */
export const BY_PERSON = 'THE PERSON';

export class Story {
  readonly lines: Line[] = [];

  add(time: number, key: Partial<ParameterKey>, text: string): void {
    this.lines.push({ time, key, text });
  }

  /** All lines that concern the key, and what the person did to all; or everything. The last `most` of them. */
  about({ site, uid }: Partial<ParameterKey>, most = Number.POSITIVE_INFINITY): string[] {
    const found = this.lines.filter(({ key, text }) => {
      if (site === undefined) return true;
      if (key.site === undefined) return text.startsWith(BY_PERSON);
      return key.site === site && (key.uid === undefined || uid === undefined || key.uid === uid);
    });
    return found.slice(-most).map(({ time, key: { site, uid }, text }) => {
      const about = site === undefined ? '' : uid === undefined ? `${site}: ` : `${site}/${uid}: `;
      return `${stamp(time)}  ${about}${text}`;
    });
  }
}

/** `2026-03-29 01:00:00.123`, in UTC. */
export function stamp(time: number): string {
  return new Date(time).toISOString().slice(0, 23).replace('T', ' ');
}

/** A job in one line: what is armed, waits and runs, and the newest log. */
export function jobText(job: Job | undefined): string {
  if (!job) return 'none';
  const { revision, armed, pending, leases, logs } = job;
  const times = (all: readonly { at: number; forced?: string }[]) =>
    all.map(({ at, forced }) => forced ?? stamp(at).slice(0, 19)).join(', ') || 'none';
  const [log] = logs;
  const newest = log ? `${log.status} of ${stamp(log.at).slice(0, 19)} ${log.messages.join(' ')}` : 'none';
  const until = armed ? `${stamp(armed.at).slice(0, 19)} (${armed.timing})` : 'nothing';
  return `revision ${revision}, armed ${until}, waits ${times(pending)}, runs ${times(leases)}, newest log ${newest}`;
}
