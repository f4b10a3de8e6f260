/** Where the lines are that a run wrote: in files of a laptop, in a log group of a deployment. */

export interface OutputLine {
  /** Epoch milliseconds. */
  readonly time: number;
  /** `DEBUG`, `INFO`, `WARN` or `ERROR`. */
  readonly level: string;
  readonly message: string;
  /** What else the line says, as JSON. */
  readonly fields?: string;
}

/** One run, and when it went on, in epoch milliseconds. */
export interface RunSpan {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

/** One of both: lines that can be read here, oldest first, or the address under which a person reads them. */
export type RunOutput =
  | { read(run: RunSpan): Promise<readonly OutputLine[]> }
  | { address(run: RunSpan): string };
