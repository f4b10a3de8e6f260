/**
 * A folder on this computer or a deployment, seen from outside: the ports of the operations on its crontabs
 * (lib/app/operations), and the maintenance that only an operator asks for.
 */

import type { Finding } from '../domain/finding.ts';
import type { Logger } from './logger.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { Queue } from './queue.ts';

export interface Target extends AsyncDisposable {
  /** In words, for messages. */
  readonly name: string;
  /** What a person should know before believing what is listed. */
  readonly note?: string;
  /** What the operations need. */
  readonly ports: OperationPorts;
  /** What an operator looks at. */
  readonly maintenance: Maintenance;
  /** Where the dashboard answers to signed requests; absent in a folder. */
  readonly dashboard?: Dashboard;
}

export interface Maintenance {
  /** Whether a scheduler is running. Without one, absent timers are no finding. */
  readonly isRunning: boolean;
  /** The timers that exist; absent where another process has them in its memory. */
  timers?: Queue['timers'];
  /** What could not be delivered or handled at all; absent where there is no such queue. */
  readonly deadLetters?: DeadLetters;
  /** What is wrong with the target itself, apart from its crontabs, timers and dead letters. */
  findings(): Promise<readonly Finding[]>;
  /** Reads the whole registry again, repairs what it can, and logs each repair. */
  repair(logger: Logger): Promise<void>;
}

/** Messages that no function could handle. Every call may throw UnavailableError. */
export interface DeadLetters {
  /** How many there are, roughly. */
  count(): Promise<number>;
  /** Takes out those that are there, a hundred at most, and returns what each was about, in one line. */
  take(): Promise<readonly string[]>;
}

/** An address, and in whose name it is called. */
export interface Dashboard {
  readonly url: string;
}
