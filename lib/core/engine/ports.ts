import type { RunnerCheck } from '../domain/cron-schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type { Queue } from '../ports/queue.ts';
import type { Random } from '../ports/random.ts';
import type { Registry } from '../ports/registry.ts';
import type { Store } from '../ports/store.ts';

/** All ports of the handlers; each one picks its own. */
export interface Ports {
  readonly registry: Registry;
  readonly store: Store;
  readonly queue: Queue;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly runners: RunnerCheck;
}
