/** The tool that starts programs for the runner `command`. lib/adapters/child-programs.ts starts processes of this machine. */

export interface Programs {
  /**
   * Starts the program in a process group of its own, and calls `onOutput` with each piece of its output, as bytes. Throws
   * when the program cannot be started; other failures of the start reject `Program.ended`.
   */
  start(command: ProgramCommand, onOutput: (stream: OutputStream, bytes: Uint8Array) => void): Program;
}

export interface ProgramCommand {
  /** A path, or a name that is looked up in PATH. */
  readonly file: string;
  readonly args: readonly string[];
  /** Its working directory. Default: the home directory, as with cron. */
  readonly cwd?: string | undefined;
  /** Variables in addition to the few that the machine gives every program: PATH, HOME and the like. */
  readonly env: { readonly [name: string]: string };
  /** Its standard input. */
  readonly stdin: string;
}

export type OutputStream = 'stdout' | 'stderr';

export interface Program {
  /** Resolves when the program has ended and all processes that have its output open, too. */
  readonly ended: Promise<ProgramEnd>;
  /** Whether a process of the group still exists. */
  isAlive(): boolean;
  /** Sends the signal to all processes of the group. Does nothing when none exists. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Reads no more output, so that `ended` does not wait for a process that left the group. */
  abandon(): void;
}

/** One of the two is null. */
export interface ProgramEnd {
  readonly code: number | null;
  /** The name of the signal that ended it, such as `SIGSEGV`. */
  readonly signal: string | null;
}
