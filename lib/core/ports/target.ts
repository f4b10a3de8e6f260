/**
 * A folder on this computer or a deployment, seen from outside: the ports of the operations on its crontabs
 * (lib/app/operations), and the maintenance that only an operator asks for.
 */

import type { Finding } from '../domain/finding.ts';
import type { Logger } from './logger.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { Queue } from './queue.ts';

export interface Target extends AsyncDisposable {
  /** The name in messages. */
  readonly name: string;
  /** The target with all that distinguishes it: `folder .cloudtab`, `stack Shop, eu-west-1, 123456789012`. */
  readonly title: string;
  /** The option of the command line that chooses it, such as `--dir crons`, for hints. */
  readonly option: string;
  /** A note beside every list, if the list may be incomplete or outdated. */
  readonly note?: string;
  readonly ports: OperationPorts;
  readonly maintenance: Maintenance;
}

export interface Maintenance {
  /** Whether a scheduler is running. Without one, absent timers are no finding. */
  readonly isRunning: boolean;
  /** The timers that exist; absent where another process has them in its memory. */
  timers?: Queue['timers'];
  /** The messages that no function could handle; absent where there is no such queue. */
  readonly deadLetters?: DeadLetters;
  /** The findings about the target itself, apart from its crontabs, timers and dead letters. */
  findings(): Promise<readonly Finding[]>;
  /** Reads the whole registry again, repairs what it can, and logs each repair. */
  repair(logger: Logger): Promise<void>;
}

/** Messages that no function could handle. Every call may throw UnavailableError. */
export interface DeadLetters {
  /** The approximate number. */
  count(): Promise<number>;
  /** Removes the messages, at most a hundred, and returns one line about each. */
  take(): Promise<readonly string[]>;
}
