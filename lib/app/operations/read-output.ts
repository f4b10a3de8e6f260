/** Reads the output of a run, also while it is in progress. */
import { NotFoundError } from '../../core/domain/errors.ts';
import type { Lease } from '../../core/domain/job.ts';
import { settingsInForce } from '../../core/domain/projection.ts';
import { type RunRecord, recordId } from '../../core/domain/run-record.ts';
import type { OutputPage, RunOutput, RunSpan } from '../../core/ports/run-output.ts';
import type { ReadPorts } from './read.ts';

/** Some lines, oldest first. */
export interface Output extends Pick<OutputPage, 'lines'> {
  /** For the lines after these; absent if none can follow. */
  readonly cursor?: string;
  /** Where a user reads all log lines of that time, if the output is kept in such a place. */
  readonly address?: string;
  /** The run is in progress, and may write more lines. */
  readonly isRunning: boolean;
  /** The effective time zone of the cron. */
  readonly timezone: string;
}

/**
 * The output of the run with that log. Two reads beside those of the output. Throws NotFoundError when there is no such run,
 * or it did not start.
 */
export async function readOutput(
  { output, store, clock }: ReadPorts & { readonly output?: RunOutput },
  site: string,
  uid: string,
  id: string,
  cursor?: string,
): Promise<Output> {
  // The record last: a run that ends meanwhile is in one of the two.
  const { crontab, cron, job } = await store.read(site, uid);
  const record = await store.readRecord(site, uid, id);
  const lease = record ? undefined : job?.leases.find((one) => recordId(one) === id);
  const span = record ? spanOf(record) : lease && spanSoFar(lease, clock.now());
  if (!output || !span) throw new NotFoundError(`The cron "${uid}" has no run with this output.`);
  const isRunning = lease !== undefined;
  const timezone = cron?.value?.timezone ?? settingsInForce(crontab).timezone;
  const page = await output.read(span, cursor);
  const mayFollow = isRunning || page.hasMore || clock.now() < span.to + (output.delayMs ?? 0);
  const address = output.address?.(span);
  return {
    lines: page.lines,
    isRunning,
    timezone,
    ...(mayFollow && { cursor: page.cursor }),
    ...(address !== undefined && { address }),
  };
}

function spanOf({ runId, claimedAt, startedAt = claimedAt, endedAt }: RunRecord): RunSpan | undefined {
  if (runId === undefined || startedAt === undefined) return undefined;
  return { runId, from: claimedAt ?? startedAt, to: endedAt };
}

function spanSoFar({ runId, claimedAt }: Lease, now: number): RunSpan {
  return { runId, from: claimedAt, to: now };
}
