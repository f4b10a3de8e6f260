/** The crontabs of a folder or a deployment, as commands and programs use them: by calls of operations, wherever those are done. */
import type { Call } from '../app/door/call.ts';
import type { RunnerCatalogue } from '../core/ports/runner-catalogue.ts';
import type { Target } from '../core/ports/target.ts';

export interface Client extends AsyncDisposable, Pick<Target, 'name' | 'title' | 'option' | 'note'> {
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
