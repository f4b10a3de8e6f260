/** What the judge keeps of one cron. */

import type { Lease } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Definition } from './definition.ts';
import type { Process } from './lambda.ts';
import { Subject } from './subjects.ts';
import type { End, Played } from './task.ts';

export interface Watched {
  readonly key: Required<ParameterKey>;
  readonly subject: Subject<Definition>;
  /** Planned times that have to be accounted for, and are not yet. */
  outstanding: number[];
  /** Runs at work, by run id. */
  readonly running: Map<string, Played>;
  /** Runs without a log, and when they ended. */
  readonly unlogged: Map<string, number | undefined>;
  /** All leases that were ever written, by run id, in the order of their claims. */
  readonly claims: Map<string, Lease>;
  /** How runs ended, by run id. */
  readonly ends: Map<string, End>;
  /** Runs, by run id, that were recorded, whether they ran or not. */
  readonly recorded: Set<string>;
  readonly ran: Set<number>;
  readonly forced: Set<string>;
  last: Played | undefined;
  /** When its job was last written. */
  written: number;
  /** Who wrote it then. */
  writer: Process | undefined;
  /** Timers that were lost, or taken away by somebody slow after they were counted on again: the sweep's matter. */
  readonly lost: Set<number>;
  callOff: () => void;
}

export function newWatched(key: Required<ParameterKey>): Watched {
  return {
    key,
    subject: new Subject<Definition>(key),
    outstanding: [],
    running: new Map(),
    unlogged: new Map(),
    claims: new Map(),
    ends: new Map(),
    recorded: new Set(),
    ran: new Set(),
    forced: new Set(),
    last: undefined,
    written: Number.NEGATIVE_INFINITY,
    writer: undefined,
    lost: new Set(),
    callOff: () => {},
  };
}
