import type { RunnerCheck } from '../../core/domain/cron-schema.ts';
import type { Ports } from '../../core/engine/ports.ts';
import type { Queue } from '../../core/ports/queue.ts';
import type { RunnerDescription } from '../../runners/table.ts';

/** What the operations need in all; each one picks its own. */
export interface OperationPorts extends Omit<Ports, 'queue' | 'runners'> {
  readonly queue: Pick<Queue, 'deliver'>;
  readonly runners: RunnerCatalogue;
  /** Who asks, in words that are kept with what is written; absent when nobody knows. */
  readonly by?: string;
}

/** Judges a cron's runner and environ, and tells which runners there are. */
export interface RunnerCatalogue extends RunnerCheck {
  /** All runners, sorted by name. */
  describe(): RunnerDescription[];
}
