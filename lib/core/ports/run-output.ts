/** The output of runs: in files on a laptop, in a log group of a deployment. */

export interface OutputLine {
  /** Epoch milliseconds. */
  readonly time: number;
  /** `DEBUG`, `INFO`, `WARN` or `ERROR`. */
  readonly level: string;
  readonly message: string;
  /** The other fields of the line, as JSON. */
  readonly fields?: string;
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

/** Either the lines, or the address at which a user reads them. A cursor of another form than those of `read` is ignored. */
export type RunOutput =
  | { read(run: RunSpan, cursor?: string): Promise<OutputPage> }
  | { address(run: RunSpan): string };
