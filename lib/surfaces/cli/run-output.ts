/** `cloudtab logs UID --run ID`: prints the output of a run, and with -f also what it writes until it ends. */
import { dumpOutput } from '../../app/door/json.ts';
import { localTime } from '../../app/operations/local-time.ts';
import type { Output } from '../../app/operations/read-output.ts';
import type { Client } from '../../client/client.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { recordId } from '../../core/domain/run-record.ts';
import type { JsonOptions } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { plain } from './table.ts';

export interface OutputOptions extends JsonOptions {
  /** The id of the run record, or of the run. */
  readonly run: string;
  readonly follow?: true;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

const POLL_EVERY_MS = 1_000;

/** Prints lines, oldest first, until the run has no more. Throws NotFoundError if there is no such run, or it did not start. */
export async function printOutput(
  client: Client,
  site: string,
  uid: string,
  { run, follow, signal, print, json }: OutputOptions,
): Promise<void> {
  const id = await idOf(client, site, uid, run);
  let cursor: string | undefined;
  while (!signal.aborted) {
    const input = { id, ...(cursor !== undefined && { cursor }) };
    const output = await client.call('readOutput', { site, uid }, input);
    for (const line of json ? jsonLines(output) : outputLines(output)) print(line);
    ({ cursor } = output);
    if (cursor === undefined || (output.lines.length === 0 && !follow)) return;
    if (output.lines.length === 0) await client.pause(POLL_EVERY_MS);
  }
}

/** The id of the run record of a run that is in progress or among the last logs; other ids are left as they are. */
async function idOf(client: Client, site: string, uid: string, run: string): Promise<string> {
  const { logs, job } = await withSuggestions(client, site, uid, () =>
    client.call('readCron', { site, uid }),
  );
  const runs = [...logs, ...job.runs.map((lease) => ({ id: recordId(lease), runId: lease.runId }))];
  return runs.find(({ runId }) => runId === run)?.id ?? run;
}

/** One line of text for each line of the output, and one for each line of the stack of an error. */
export function outputLines({ lines, timezone }: Output): string[] {
  return lines.flatMap(({ time, level, message, fields }) => {
    const { stack, ...others } = parseJsonObject(fields ?? '{}') ?? {};
    const rest = Object.keys(others).length > 0 ? ` ${plain(JSON.stringify(others))}` : '';
    const frames = typeof stack === 'string' ? stack.split('\n') : [];
    return [
      `${localTime(time, timezone)}  ${level} ${plain(message)}${rest}`,
      ...frames.map((frame) => `    ${plain(frame.trim())}`),
    ];
  });
}

function jsonLines(output: Output): string[] {
  return dumpOutput(output).lines.map((line) => JSON.stringify(line));
}
