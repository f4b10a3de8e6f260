/** What can be wrong with the logs of a job, and for which times they account, as the judge sees it. */
import type { Job } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import { type Definition, SECRET } from './definition.ts';
import { stamp } from './story.ts';
import type { Subject } from './subjects.ts';

interface Written {
  /** All that the job has now. */
  readonly all: readonly Log[];
  /** Those that came with this change. */
  readonly fresh: readonly Log[];
  /** Runs at work, by run id. */
  readonly running: { has(runId: string): boolean };
  /** Planned times that ran. */
  readonly ran: ReadonlySet<number>;
}

/** All that is wrong with them, usually nothing: the invariant and what was found. */
export function wrongWithLogs({ all, fresh, running, ran }: Written): [string, string][] {
  const wrong: [string, string][] = [];
  const isSorted = all.every((log, index) => index === 0 || (all[index - 1]?.date ?? 0) >= log.date);
  if (new Set(all.map(({ id }) => id)).size !== all.length || !isSorted || all.length > 25) {
    wrong.push(['logs are bounded, newest first, each once', JSON.stringify(all)]);
  }
  for (const { at, runId, status, messages, covers: covered } of fresh) {
    const text = messages.join(' ');
    if (text.includes(SECRET)) wrong.push(['no secret is shown', `a log says: ${text}`]);
    if (status === 'NOTRUN' && text === '') wrong.push(['what did not run says why', stamp(at)]);
    if (runId !== undefined && running.has(runId)) {
      wrong.push(['a run is logged when it has ended', `${runId} of ${stamp(at)} still runs: ${text}`]);
    }
    if (status === 'NOTRUN' && runId === undefined && !covered && ran.has(at)) {
      wrong.push(['a time that ran is not said to be missed', `${stamp(at)}: ${text}`]);
    }
  }
  return wrong;
}

/** Whether the log is that of the planned time, or stands for several among which it is. */
export function covers({ at, id, covers: covered }: Log, time: number): boolean {
  if (id.includes('-')) return false;
  return at === time || (covered !== undefined && covered.from <= time && time <= at);
}

/** Whether a record of that time and date would not have fitted: the list is full of newer ones. */
export function isTrimmed(
  { versions }: Subject<Definition>,
  { logs }: Job,
  at: number,
  date: number | undefined,
): boolean {
  if (!versions.some(({ meaning }) => meaning.logsLimit === logs.length)) return false;
  const oldest = logs.at(-1);
  if (!oldest || date === undefined) return false;
  return oldest.date > date || (oldest.date === date && oldest.at > at);
}
