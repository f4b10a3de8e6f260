/** The crontabs of a folder or a deployment, as commands and programs use them: by calls of operations, wherever those are done. */
import type { Call } from '../app/door/call.ts';
import type { RunnerCatalogue } from '../core/ports/runner-catalogue.ts';

export interface Client extends AsyncDisposable {
  /** The name in messages. */
  readonly name: string;
  /** The target with all that distinguishes it: `folder .cloudtab`, `stack Shop, eu-west-1, 123456789012`. */
  readonly title: string;
  /** The option of the command line that chooses it, such as `--dir crons`, for hints. */
  readonly option: string;
  /** A note beside every list, if the list may be incomplete or outdated. */
  readonly note?: string;
  /** Runs that are requested here are done in this process, and closing the client waits for them. */
  readonly doesRuns?: true;
  readonly call: Call;
  /** The runners of the target. Throws the errors of a call. */
  runners(): Promise<RunnerCatalogue>;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after that many milliseconds, or when the signal is aborted. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
