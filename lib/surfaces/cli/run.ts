/** `cloudtab run UID`: forces a run, prints its output until it ends, and then its result. */
import type { Client } from '../../client/client.ts';
import { finishedRun } from '../../client/finished-run.ts';
import { dumpLog } from '../../core/domain/log.ts';
import { type JsonOptions, jsonText, type Printed } from './output.ts';
import { outputLines } from './run-output.ts';
import { runResult } from './run-result.ts';
import { withSuggestions } from './suggest.ts';
import { fitting } from './table.ts';

export interface RunOptions extends JsonOptions {
  readonly wait: boolean;
  /** Run it although it is switched off. */
  readonly evenOff?: true;
  /** Aborted: stop waiting for the run, which goes on. */
  readonly signal?: AbortSignal;
  readonly print?: (line: string) => void;
}

/**
 * Forces a run and, with `wait`, waits for its run record. Exit code 3: the run failed or did not happen; 130: the wait was
 * stopped. Throws NotFoundError when the cron does not exist.
 */
export async function runCron(
  client: Client,
  site: string,
  uid: string,
  { wait, json, evenOff, signal, print }: RunOptions,
): Promise<Printed> {
  const { message, runId, logId } = await withSuggestions(client, site, uid, () =>
    client.call('runCron', { site, uid }, { evenOff }),
  );
  const ids = { site, uid, runId, logId };
  if (!wait) {
    const logs = `Its output: cloudtab logs ${uid} --run ${logId} --site ${site} ${client.option}`;
    return { text: json ? jsonText(ids) : fitting(`${message}\n${logs}`), code: 0 };
  }
  const onOutput =
    print && !json
      ? (output: Parameters<typeof outputLines>[0]) => outputLines(output).forEach(print)
      : undefined;
  try {
    const log = await finishedRun(client, { site, uid }, { runId, logId }, { onOutput, signal });
    const code = log.status === 'FAILURE' || log.status === 'NOTRUN' ? 3 : 0;
    if (json) return { text: jsonText({ ...ids, log: dumpLog(log) }), code };
    const hint = log.reason === 'off' ? '\nTo run it once and leave it off, use --even-off.' : '';
    return { text: fitting(`${runResult({ site, uid, timezone: 'UTC' }, log)}${hint}`), code };
  } catch (error) {
    if (!signal?.aborted) throw error;
    if (json) return { text: jsonText(ids), code: 130 };
    return { text: fitting(stoppedText(client, site, uid, runId)), code: 130 };
  }
}

function stoppedText({ option, doesRuns }: Client, site: string, uid: string, runId: string): string {
  const stop = `cloudtab stop ${uid} --site ${site} ${option}`;
  const held = doesRuns ? ' This command ends with it; Ctrl-C ends both now.' : '';
  return `The run ${runId} of ${site}/${uid} goes on. Stop it with: ${stop}.${held}`;
}
