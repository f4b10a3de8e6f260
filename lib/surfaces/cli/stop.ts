/** `cloudtab stop UID`: stops a run in progress. */
import type { Client } from '../../client/client.ts';
import { ConfigurationError, ConflictError } from '../../core/domain/errors.ts';
import { recordId } from '../../core/domain/run-record.ts';
import { type JsonOptions, resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';

export interface StopOptions extends JsonOptions {
  /** The id of the run; needed if several are in progress. */
  readonly run?: string;
}

/** The text to print. Throws ConflictError if nothing runs, and ConfigurationError if several runs are in progress. */
export async function stopRun(
  client: Client,
  site: string,
  uid: string,
  options: StopOptions,
): Promise<string> {
  const result = await withSuggestions(client, site, uid, async () => {
    const { job } = await client.call('readCron', { site, uid });
    const id = options.run ?? onlyOne(uid, job.runs.map(recordId));
    return client.call('stopRun', { site, uid }, { id });
  });
  return resultText({ site, uid, ...result }, options);
}

function onlyOne(uid: string, [id, ...others]: readonly string[]): string {
  if (id === undefined) throw new ConflictError(`No run of "${uid}" is in progress.`);
  if (others.length === 0) return id;
  throw new ConfigurationError(
    `${others.length + 1} runs of "${uid}" are in progress: ${[id, ...others].join(', ')}. Choose one with --run.`,
  );
}
