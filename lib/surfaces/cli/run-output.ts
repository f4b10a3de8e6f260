/** `cloudtab logs UID`: prints the output of a run, and with -f also what it writes until it ends. */
import { dumpOutput } from '../../app/door/json.ts';
import type { CronDetail } from '../../app/operations/cron-view.ts';
import { foldStacks } from '../../app/operations/fold-stacks.ts';
import { secondTime } from '../../app/operations/local-time.ts';
import type { Output } from '../../app/operations/read-output.ts';
import type { RunItem, RunPage } from '../../app/operations/read-runs.ts';
import type { Client } from '../../client/client.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { recordId } from '../../core/domain/run-record.ts';
import type { JsonOptions } from './output.ts';
import { runResult } from './run-result.ts';
import { withSuggestions } from './suggest.ts';
import { plain } from './table.ts';

export interface OutputOptions extends JsonOptions {
  /** The id of the run record, or of the run, however old. Default: the latest run that started. */
  readonly run?: string;
  readonly follow?: true;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  /** Prints a line that is no output: what the run came to, or why there is nothing to print. */
  readonly note: (line: string) => void;
}

const POLL_EVERY_MS = 1_000;
/** The id of a run record, which begins with a time in epoch seconds. An id of a run has at most eight digits before a dash. */
const RECORD_ID = /^\d{9,12}(?:-|$)/;
/** The most runs that a page has. */
const PAGE = 500;

/** Prints lines, oldest first, until the run has no more. Throws NotFoundError if there is no such run, or it did not start. */
export async function printOutput(
  client: Client,
  site: string,
  uid: string,
  { run, follow, signal, print, note, json }: OutputOptions,
): Promise<void> {
  const cron = await withSuggestions(client, site, uid, () => client.call('readCron', { site, uid }));
  const { logs, job } = cron;
  const id = run === undefined ? latestRun(cron) : await idOf(client, { site, uid }, cron, run);
  const [newest] = logs;
  // The newest occurrence may be one that did not run.
  if (run === undefined && newest && newest.id !== id && job.runs.length === 0) note(runResult(cron, newest));
  if (id === undefined) return newest ? undefined : note(`${site}/${uid} has not run yet.`);
  let cursor: string | undefined;
  let isRunning = false;
  while (!signal.aborted) {
    const input = { id, ...(cursor !== undefined && { cursor }) };
    const output = await client.call('readOutput', { site, uid }, input);
    for (const line of json ? jsonLines(output) : outputLines(output)) print(line);
    ({ cursor, isRunning } = output);
    if (cursor === undefined || (output.lines.length === 0 && !follow)) break;
    if (output.lines.length === 0) await client.pause(POLL_EVERY_MS, signal);
  }
  if (isRunning) {
    const stop = `cloudtab stop ${uid} --site ${site} ${client.option}`;
    return note(`The run goes on. ${follow ? 'To stop it' : 'Follow it with -f, or stop it'}: ${stop}`);
  }
  note(runResult(cron, await client.call('readLog', { site, uid }, { id })));
}

/** The newest of those in progress, else of those that ended. */
function latestRun({ logs, job }: CronDetail): string | undefined {
  // The last claimed is the last in the list.
  const running = job.runs.at(-1);
  return running ? recordId(running) : logs.find(({ startedAt }) => startedAt !== undefined)?.id;
}

/**
 * The id of the run record of the run with that id. Ids of run records are left as they are; an id of a run is looked for
 * among the runs in progress and the last logs, and then in all records, newest first. Throws NotFoundError.
 */
async function idOf(
  { call }: Pick<Client, 'call'>,
  { site, uid }: Required<ParameterKey>,
  { logs, job }: CronDetail,
  run: string,
): Promise<string> {
  if (RECORD_ID.test(run)) return run;
  const runs = [...logs, ...job.runs.map((lease) => ({ id: recordId(lease), runId: lease.runId }))];
  let found: Pick<RunItem, 'id'> | undefined = runs.find(({ runId }) => runId === run);
  for (let cursor: string | undefined = ''; !found && cursor !== undefined; ) {
    const page: RunPage = await call('readRuns', { site }, { uid, count: PAGE, ...(cursor && { cursor }) });
    found = page.runs.find(({ runId }) => runId === run);
    cursor = page.cursor;
  }
  if (found) return found.id;
  throw new NotFoundError(`run "${run}" of cron "${uid}" not found; "cloudtab runs ${uid}" lists the runs.`);
}

/** One line of text for each line of the output; further lines of its text, and those of the stack of an error, are indented. */
export function outputLines({ lines, timezone }: Output): string[] {
  return foldStacks(lines).flatMap(({ time, level, message, fields }) => {
    const { stack, ...others } = fields ?? {};
    const rest = Object.keys(others).length > 0 ? ` ${plain(JSON.stringify(others))}` : '';
    const [first = '', ...further] = message.split('\n');
    const frames = typeof stack === 'string' ? stack.split('\n').map((frame) => frame.trim()) : [];
    return [
      `${secondTime(time, timezone)}  ${level} ${plain(first)}${rest}`,
      ...[...further, ...frames].map((line) => `    ${plain(line)}`),
    ];
  });
}

function jsonLines(output: Output): string[] {
  return dumpOutput(output).lines.map((line) => JSON.stringify(line));
}
