/**
 * The system under test: the real handlers of the `lib` that this file imports. In a copy of the source tree that
 * contains a mutant, the same file gives the mutated system.
 */
import { onSyncEvent } from '../../lib/adapters/aws/sync-event.ts';
import { ThrottledError, UnavailableError, UnreadableError } from '../../lib/core/domain/errors.ts';
import { projectChange } from '../../lib/core/engine/project-parameter.ts';
import { run } from '../../lib/core/engine/run.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { RunnerTable } from '../../lib/runners/table.ts';

export const system = {
  run,
  project: projectChange,
  onSyncEvent,
  UnavailableError,
  ThrottledError,
  UnreadableError,
  Runner,
  RunnerTable,
};

export type System = Readonly<typeof system>;
