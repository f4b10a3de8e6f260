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

/** Either the lines, oldest first, or the address at which a user reads them. */
export type RunOutput =
  | { read(run: RunSpan): Promise<readonly OutputLine[]> }
  | { address(run: RunSpan): string };
