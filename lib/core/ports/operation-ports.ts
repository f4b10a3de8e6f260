import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import type { Logger } from './logger.ts';
import type { Queue } from './queue.ts';
import type { Random } from './random.ts';
import type { Registry } from './registry.ts';
import type { RunOutput } from './run-output.ts';
import type { RunnerCatalogue } from './runner-catalogue.ts';
import type { SecretStore } from './secrets.ts';
import type { Store } from './store.ts';

/** All ports that the operations of a target use; each operation picks its own. */
export interface OperationPorts {
  readonly registry: Registry;
  readonly store: Store;
  readonly queue: Pick<Queue, 'deliver'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly runners: RunnerCatalogue;
  /** The names of the secrets of a site. */
  readonly secretNames: SecretStore['names'];
  /** The output of runs. Absent: there is none. */
  readonly output?: RunOutput;
  /** The author of the changes, for the history; absent if unknown. */
  readonly by?: string;
  /** The option of the command line that chooses the target, such as `--dir crons`, for hints. Absent: not known. */
  readonly option?: string;
  /** Whether the caller may see that site. Absent: all sites. */
  readonly sees?: (site: string) => boolean;
}
