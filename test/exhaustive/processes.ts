/** The processes that worlds are made of: the Lambdas, users, and time. */
import { deleteLogs } from '../../lib/app/operations/delete-logs.ts';
import { stopRun } from '../../lib/app/operations/stop-run.ts';
import { ConflictError, NotFoundError } from '../../lib/core/domain/errors.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { recordId } from '../../lib/core/domain/run-record.ts';
import { projectChange, projectParameter } from '../../lib/core/engine/project-parameter.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { run } from '../../lib/core/engine/run.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../lib/core/engine/sync.ts';
import { freeActor } from './actor.ts';
import { LIFETIME_MS } from './deliver-all.ts';
import type { Footprint } from './footprint.ts';
import { MINUTE, NOON, SITE, UID, type World } from './world.ts';
import type { ProcessDefinition } from './world-definition.ts';

const DELIVERY: Footprint = {
  reads: ['projections', 'jobs', 'records'],
  writes: ['jobs', 'records', 'timers'],
};
const SYNC: Footprint = { reads: ['projections', 'jobs'], writes: ['jobs', 'records', 'timers'] };
const SWEEP: Footprint = { ...SYNC, reads: [...SYNC.reads, 'timers'] };
const RESYNC: Footprint = {
  reads: [...SWEEP.reads, 'registry'],
  writes: [...SWEEP.writes, 'projections', 'labels'],
};
const EDIT: Footprint = {
  reads: [...SYNC.reads, 'registry'],
  writes: [...SYNC.writes, 'registry', 'projections', 'labels'],
};

type Rest = Partial<Omit<ProcessDefinition, 'name' | 'run'>>;

export const AT_NOON: Delivery = { site: SITE, uid: UID, plannedAt: NOON };

/** The run Lambda handles a delivery. */
export function delivery(name: string, what: Delivery = AT_NOON, rest: Rest = {}): ProcessDefinition {
  return {
    name,
    repetitions: 0,
    lifetimeMs: LIFETIME_MS,
    footprint: DELIVERY,
    run: ({ ports }) => run(ports, what, ports.clock.now() + LIFETIME_MS),
    ...rest,
  };
}

/** The same, after so many milliseconds. */
export function laterDelivery(name: string, delayMs: number, what: Delivery): ProcessDefinition {
  const { footprint: _, ...rest } = delivery(name, what);
  return {
    ...rest,
    async run({ ports, world, act, repetition }) {
      if (repetition === 0) await act('clock.advance', () => world.advance(delayMs));
      await run(ports, what, ports.clock.now() + LIFETIME_MS);
    },
  };
}

/** A run on a laptop: nothing ends its process, and its lease lasts a day. */
export function localDelivery(name: string, what: Delivery = AT_NOON): ProcessDefinition {
  return {
    name,
    footprint: DELIVERY,
    run: ({ ports }) => run(ports, what, ports.clock.now() + 1440 * MINUTE),
  };
}

/** A user's request for a run: its delivery. */
export function requested(forced: string, plannedAt = NOON): Delivery {
  return { site: SITE, uid: UID, plannedAt, forced };
}

/** A request that holds although the cron is off. */
export function evenOff(forced: string): Delivery {
  return { ...requested(forced), evenOff: true };
}

/** A user deletes the records of these ids; the SDK repeats that if it fails. */
export function deleting(name: string, ids: readonly string[]): ProcessDefinition {
  return {
    name,
    repetitions: 0,
    footprint: { reads: ['registry', 'projections', 'jobs', 'records'], writes: ['jobs', 'records'] },
    async run({ ports }) {
      await deleteLogs(ports, SITE, UID, ids);
    },
  };
}

/** A user wants the run of noon stopped. */
export function stopping(name: string): ProcessDefinition {
  return {
    name,
    footprint: { reads: ['projections', 'jobs', 'records'], writes: ['jobs'] },
    async run({ ports }) {
      try {
        await stopRun(ports, SITE, UID, recordId(AT_NOON));
      } catch (error) {
        // The run has not begun, or has ended.
        if (!(error instanceof ConflictError || error instanceof NotFoundError)) throw error;
      }
    },
  };
}

/** The next sweep repeats it. */
export function sweeping(name = 'sweep', rest: Rest = {}): ProcessDefinition {
  return { name, footprint: SWEEP, run: ({ ports }) => sweep(ports), ...rest };
}

/** The stream repeats it. */
export function syncing(name = 'sync', rest: Rest = {}): ProcessDefinition {
  return {
    name,
    repetitions: 0,
    footprint: SYNC,
    run: ({ ports }) => syncCron(ports, SITE, UID),
    ...rest,
  };
}

/** Lambda repeats it. */
export function resyncing(name = 'resync', rest: Rest = {}): ProcessDefinition {
  return { name, repetitions: 0, footprint: RESYNC, run: ({ ports }) => resync(ports), ...rest };
}

/**
 * A user writes or removes the cron's parameter; the change is projected and synchronised, and that is repeated until it
 * succeeds. `isProjected`: the projection happens in the same step, which makes the world smaller. `mayLag`: the registry may
 * be behind the event of the change.
 */
export function editing(
  name: string,
  edit: (world: World) => Promise<void>,
  { isProjected = false, mayLag = false } = {},
): ProcessDefinition {
  const key = { site: SITE, uid: UID };
  return {
    name,
    repetitions: 0,
    footprint: EDIT,
    async run({ ports, world, act, repetition }) {
      const first = async () => {
        await edit(world);
        if (isProjected) await projectParameter(freeActor(world, 'projection').ports, key);
      };
      if (repetition === 0) await act('user.edit', first);
      if (mayLag) await projectChange(ports, key);
      else if (!isProjected) await projectParameter(ports, key);
      await syncCron(ports, SITE, UID);
    },
  };
}

/** An edit that is projected and synchronised in the same step. */
export function editingAtOnce(name: string, edit: (world: World) => Promise<void>): ProcessDefinition {
  return {
    name,
    footprint: EDIT,
    run: ({ world, act }) =>
      act('user.edit', async () => {
        const { ports } = freeActor(world, 'edit');
        await edit(world);
        await projectParameter(ports, { site: SITE, uid: UID });
        await syncCron(ports, SITE, UID);
      }),
  };
}

/** A user removes the cron and adds it again; the stream synchronises one after the other. */
export function removingAndAdding(): ProcessDefinition {
  const project = (world: World) =>
    projectParameter(freeActor(world, 'projection').ports, { site: SITE, uid: UID });
  return {
    name: 'user',
    repetitions: 0,
    footprint: EDIT,
    async run({ ports, world, act, repetition }) {
      if (repetition === 0) {
        await act('user.remove', () => world.remove());
        await act('projection.remove', () => project(world));
        await syncCron(ports, SITE, UID);
        await act('user.add', () => world.write());
        await act('projection.add', () => project(world));
      }
      await syncCron(ports, SITE, UID);
    },
  };
}

/** A user switches the crontab on or off. */
export function switching(name: string, activated: boolean): ProcessDefinition {
  return {
    name,
    repetitions: 0,
    footprint: EDIT,
    async run({ ports, world, act, repetition }) {
      if (repetition === 0) await act('user.switch', () => world.writeSettings({ activated }));
      await projectParameter(ports, { site: SITE });
      await syncSite(ports, SITE);
    },
  };
}

/** The clock moves, step by step. */
export function time(...steps: readonly number[]): ProcessDefinition {
  return {
    name: 'clock',
    async run({ world, act }) {
      for (const step of steps) await act('clock.advance', () => world.advance(step));
    },
  };
}
