/** The account as a person reads it. What is a violation is decided elsewhere. */
import type { Log } from '../../lib/domain/log.ts';
import { plannedCount, type Remains } from './account.ts';
import type { Events } from './siege.ts';

/** A few lines, and each violation on one of its own. */
export function accountText(events: Events, remains: readonly Remains[], found: readonly string[]): string {
  const logs = remains.flatMap((one) => one.logs);
  const planned = logs.filter(({ id }) => !id.includes('-'));
  const forced = logs.filter(({ id }) => id.includes('-'));
  const waiting = remains.flatMap((one) => one.waiting).length;
  const kills = [...events.kills].map(([occasion, count]) => `${count} ${occasion}`);
  const total = [...events.kills.values()].reduce((sum, count) => sum + count, 0);
  return [
    '',
    `killed the process that keeps the crontab ${total} times: ${kills.join(', ')}`,
    `asked for ${events.asked.length + events.killedCommands} runs, and killed ${events.killedCommands} of the processes that asked`,
    `${remains.map(plannedCount).reduce((sum, count) => sum + count, 0)} planned times of ${remains.length} crons:`,
    ...lines(planned),
    ...(waiting === 0 ? [] : [line(waiting, 'still wait for their turn')]),
    `${forced.length} records of runs that were asked for:`,
    ...lines(forced),
    `${remains.flatMap(({ starts }) => starts).length} runs began`,
    '',
    found.length === 0 ? 'Nothing lost, nothing doubled.' : `${found.length} violation(s):`,
    ...found.map((text) => `  ${text}`),
  ].join('\n');
}

/** How many planned times ended how. */
function lines(logs: readonly Log[]): string[] {
  const counts = new Map<string, number>();
  for (const log of logs) counts.set(ending(log), (counts.get(ending(log)) ?? 0) + (log.covers?.count ?? 1));
  return [...counts].sort(([, one], [, other]) => other - one).map(([text, count]) => line(count, text));
}

function line(count: number, text: string): string {
  return `${String(count).padStart(6)} ${text}`;
}

function ending(log: Log): string {
  switch (log.status) {
    case 'NOTRUN':
      return `NOTRUN: ${log.why}`;
    case 'FAILURE':
      return `FAILURE: ${log.why === 'died' ? 'its process was killed' : log.messages[0]}`;
    default:
      return log.status;
  }
}
