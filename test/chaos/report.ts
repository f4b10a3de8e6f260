/** The printed report of a chaos run. The oracle, not this file, decides what a violation is. */
import type { Log } from '../../lib/core/domain/log.ts';
import type { ChaosResult } from './chaos-run.ts';
import { type CronHistory, plannedCount } from './oracle.ts';

/** A few lines of totals, then one line for each violation. */
export function formatReport(
  { kills, forcedRuns, killedCommands }: ChaosResult,
  histories: readonly CronHistory[],
  violations: readonly string[],
): string {
  const records = histories.flatMap((history) => history.records);
  const planned = records.filter(({ id }) => !id.includes('-'));
  const forced = records.filter(({ id }) => id.includes('-'));
  const waiting = histories.flatMap((history) => history.waiting).length;
  const killsByPhase = [...kills].map(([phase, count]) => `${count} ${phase}`);
  const totalKills = [...kills.values()].reduce((sum, count) => sum + count, 0);
  return [
    '',
    `killed the scheduler ${totalKills} times: ${killsByPhase.join(', ')}`,
    `started ${forcedRuns.length + killedCommands} commands that force a run, and killed ${killedCommands} of them or their scheduler`,
    `${histories.map(plannedCount).reduce((sum, count) => sum + count, 0)} planned occurrences of ${histories.length} crons:`,
    ...endingLines(planned),
    ...(waiting === 0 ? [] : [line(waiting, 'still wait')]),
    `${forced.length} records of forced runs:`,
    ...endingLines(forced),
    `${histories.flatMap(({ starts }) => starts).length} runs started`,
    '',
    violations.length === 0 ? 'No occurrence was lost or duplicated.' : `${violations.length} violation(s):`,
    ...violations.map((text) => `  ${text}`),
  ].join('\n');
}

/** How many occurrences had which ending, the most frequent first. */
function endingLines(records: readonly Log[]): string[] {
  const counts = new Map<string, number>();
  for (const record of records) {
    const ending = endingOf(record);
    counts.set(ending, (counts.get(ending) ?? 0) + (record.covers?.count ?? 1));
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([ending, count]) => line(count, ending));
}

function line(count: number, text: string): string {
  return `${String(count).padStart(6)} ${text}`;
}

function endingOf(record: Log): string {
  switch (record.status) {
    case 'NOTRUN':
      return `NOTRUN: ${record.reason}`;
    case 'FAILURE':
      return `FAILURE: ${record.reason === 'died' ? 'its process was killed' : record.messages[0]}`;
    default:
      return record.status;
  }
}
