/** Reads the output of a run. */
import { NotFoundError } from '../../core/domain/errors.ts';
import type { OutputLine, RunOutput } from '../../core/ports/run-output.ts';
import { type ReadPorts, readCron } from './read.ts';

/** Either the lines, oldest first, or the address at which a user reads them. */
export interface Output {
  readonly lines: readonly OutputLine[];
  readonly address?: string;
  /** The run of these lines. */
  readonly runId: string;
  /** The effective time zone of the cron. */
  readonly timezone: string;
}

/** The output of the run with that log. Throws NotFoundError when there is no such run, or it did not start. */
export async function readOutput(
  { output, ...ports }: ReadPorts & { readonly output?: RunOutput },
  site: string,
  uid: string,
  logId: string,
): Promise<Output> {
  const { logs, timezone } = await readCron(ports, site, uid);
  const log = logs.find(({ id }) => id === logId);
  if (!output || log?.runId === undefined || log.startedAt === undefined) {
    throw new NotFoundError(`The cron "${uid}" has no run with this output.`);
  }
  const { runId } = log;
  const run = { runId, from: log.startedAt, to: log.date };
  if ('address' in output) return { lines: [], address: output.address(run), runId, timezone };
  return { lines: await output.read(run), runId, timezone };
}
