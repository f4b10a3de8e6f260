/** `cloudtab run UID`: forces a run and prints its result. */
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { Client } from '../../client/client.ts';
import { finishedRun } from '../../client/finished-run.ts';
import { dumpLog } from '../../core/domain/log.ts';
import { statusCell } from './health.ts';
import { type JsonOptions, jsonText, type Printed } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { fitting, plain } from './table.ts';
import { styled } from './terminal.ts';

export interface RunOptions extends JsonOptions {
  readonly wait: boolean;
  /** Run it although it is switched off. */
  readonly evenOff?: true;
}

/**
 * Forces a run and, with `wait`, waits for its run record. Exit code 3: the run failed or did not happen. Throws
 * NotFoundError when the cron does not exist.
 */
export async function runCron(
  client: Client,
  site: string,
  uid: string,
  { wait, json, evenOff }: RunOptions,
): Promise<Printed> {
  const { message, runId, logId } = await withSuggestions(client, site, uid, () =>
    client.call('runCron', { site, uid }, { evenOff }),
  );
  if (!wait) return { text: json ? jsonText({ site, uid, runId }) : fitting(message), code: 0 };
  const log = await finishedRun(client, { site, uid }, { runId, logId });
  const code = log.status === 'FAILURE' || log.status === 'NOTRUN' ? 3 : 0;
  if (json) return { text: jsonText({ site, uid, runId, log: dumpLog(log) }), code };
  const took = log.startedAt === undefined ? '' : ` in ${formatDuration(log.date - log.startedAt)}`;
  const { text, style } = statusCell(log.status);
  const headline = `${styled(style, text)}${took}: ${site}/${uid}, run ${runId}`;
  return { text: fitting([headline, ...log.messages.map(plain)].join('\n')), code };
}
