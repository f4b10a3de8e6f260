/** What a world consists of. The worlds themselves are in worlds/. */
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { Actor } from './actor.ts';
import type { Footprint } from './footprint.ts';
import type { World } from './world.ts';

export interface ProcessDefinition {
  readonly name: string;
  readonly run: (actor: Actor) => Promise<void>;
  /** What it may read and write; absent if it may also move the clock. */
  readonly footprint?: Footprint;
  /** Lambda repeats it if it fails or dies: that often while the others go on, then when the world converges. */
  readonly repetitions?: number;
  /** Lambda ends it that long after its start, in milliseconds; absent: it lives as long as it works. */
  readonly lifetimeMs?: number;
  /** How far its clock is ahead of the world's, in milliseconds. */
  readonly skewMs?: number;
  /** It may end itself, as on AWS. */
  readonly canExit?: boolean;
}

export interface WorldDefinition {
  readonly name: string;
  /** What it is about, in a sentence. */
  readonly about: string;
  /** The state in which the processes begin. */
  readonly prepare: (world: World) => Promise<void>;
  readonly processes: readonly ProcessDefinition[];
  /** It is on a laptop: the scheduler is started again at the end, and then ends the leases of runs whose process is gone. */
  readonly isLocal?: boolean;
  /** The registry may lag, and its labels and the events may be refused, too. A resync comes round at the end. */
  readonly isWide?: boolean;
  /** How many faults a schedule may have in all. */
  readonly faults: number;
  /** Planned times that must have come to an end, beside those that were armed. */
  readonly expected?: readonly number[];
  /** Ids of requested runs that must have come to an end. */
  readonly requests?: readonly string[];
  /** Runs of the cron may overlap: by its definition, or because a holder outlives its lease. */
  readonly mayOverlap?: boolean;
  /** What else has to be true of the world that has converged. */
  readonly check?: (world: World, records: readonly RunRecord[]) => readonly string[];
}
