/** The logs of a job, and for which times they account, as the judge sees it. */
import type { Job } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import type { Definition } from './definition.ts';
import { type Finding, look } from './finding.ts';
import { lookForSecret } from './secrets.ts';
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

export function lookAtLogs({ all, fresh, running, ran }: Written): Finding[] {
  const isSorted = all.every((log, index) => index === 0 || (all[index - 1]?.date ?? 0) >= log.date);
  const isWrong = new Set(all.map(({ id }) => id)).size !== all.length || !isSorted || all.length > 25;
  const list = look('logs are bounded, newest first, each once', isWrong, () => JSON.stringify(all));
  return [list, ...fresh.flatMap((log) => lookAtLog(log, running, ran))];
}

function lookAtLog(log: Log, running: Written['running'], ran: Written['ran']): Finding[] {
  const { at, runId, status, messages, covers: covered } = log;
  const text = messages.join(' ');
  const looks = [lookForSecret('a log', log)];
  if (status === 'NOTRUN') {
    const isOfOne = runId === undefined && !covered;
    looks.push(
      look('what did not run says why', text === '' || log.why === undefined, stamp(at)),
      look('a time that ran is not said to be missed', isOfOne && ran.has(at), `${stamp(at)}: ${text}`),
    );
  }
  if (runId !== undefined) {
    const message = `${runId} of ${stamp(at)} still runs: ${text}`;
    looks.push(look('a run is logged when it has ended', running.has(runId), message));
  }
  return looks;
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
