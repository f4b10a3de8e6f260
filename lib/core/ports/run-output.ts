/** The output of runs: in files on a laptop, in a log group of a deployment. */
import type { JsonObject } from '../domain/cron.ts';

export interface OutputLine {
  /** Epoch milliseconds. */
  readonly time: number;
  /** `DEBUG`, `INFO`, `WARN` or `ERROR`. */
  readonly level: string;
  readonly message: string;
  /** The other fields of the line. */
  readonly fields?: JsonObject;
}

/** One run, and the period in which it was in progress, in epoch milliseconds. */
export interface RunSpan {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

/** Some lines of a run, oldest first. */
export interface OutputPage {
  readonly lines: readonly OutputLine[];
  /** Where the lines after these begin: those on the next page, or those that a run in progress is going to write. */
  readonly cursor: string;
  /** Whether there are more lines already. */
  readonly hasMore: boolean;
}

export interface RunOutput {
  /** A line may be readable so long after it was written only, in milliseconds. Default: 0. */
  readonly delayMs?: number;
  /** The lines after the cursor. A cursor of another form than those of its answers is ignored. Throws UnavailableError. */
  read(run: RunSpan, cursor?: string): Promise<OutputPage>;
  /** The address at which a user reads all log lines of that time, if there is one. */
  address?(run: RunSpan): string;
}
