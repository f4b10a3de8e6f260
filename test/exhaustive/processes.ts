/** The processes that worlds are made of: the Lambdas, users, and time. */
import { deleteLogs } from '../../lib/app/operations/delete-logs.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { projectParameter } from '../../lib/core/engine/project-parameter.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { run } from '../../lib/core/engine/run.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../lib/core/engine/sync.ts';
import { updateJob } from '../../lib/core/engine/update-job.ts';
import { LIFETIME_MS } from './deliver-all.ts';
import { MINUTE, NOON, SITE, UID, type World } from './world.ts';
import type { ProcessDefinition } from './world-definition.ts';

type Rest = Partial<Omit<ProcessDefinition, 'name' | 'run'>>;

export const AT_NOON: Delivery = { site: SITE, uid: UID, plannedAt: NOON };

/** The run Lambda handles a delivery. */
export function delivery(name: string, what: Delivery = AT_NOON, rest: Rest = {}): ProcessDefinition {
  return {
    name,
    repetitions: 0,
    lifetimeMs: LIFETIME_MS,
    run: ({ ports }) => run(ports, what, ports.clock.now() + LIFETIME_MS),
    ...rest,
  };
}

/** The same, after so many milliseconds. */
export function laterDelivery(
  name: string,
  delayMs: number,
  what: Delivery,
  rest: Rest = {},
): ProcessDefinition {
  return {
    ...delivery(name, what, rest),
    async run({ ports, world, act, repetition }) {
      if (repetition === 0) await act('clock.advance', () => world.advance(delayMs));
      await run(ports, what, ports.clock.now() + LIFETIME_MS);
    },
  };
}

/** A run on a laptop: nothing ends its process, and its lease lasts a day. */
export function localDelivery(name: string, what: Delivery = AT_NOON): ProcessDefinition {
  return { name, run: ({ ports }) => run(ports, what, ports.clock.now() + 1440 * MINUTE) };
}

/** A user's request for a run: its delivery. */
export function requested(forced: string, plannedAt = NOON): Delivery {
  return { site: SITE, uid: UID, plannedAt, forced };
}

/** A user deletes the records of these ids; the SDK repeats that if it fails. */
export function deleting(name: string, ids: readonly string[]): ProcessDefinition {
  return {
    name,
    repetitions: 0,
    async run({ ports }) {
      await deleteLogs(ports, SITE, UID, ids);
    },
  };
}

/** A user wants the run in progress stopped. */
export function stopping(name: string): ProcessDefinition {
  return {
    name,
    async run({ ports }) {
      await updateJob(ports, SITE, UID, (_state, job) => {
        const leases = job.leases.map((lease) => ({ ...lease, stop: 'user' }));
        return leases.length === 0 ? undefined : { job: { ...job, leases }, records: [] };
      });
    },
  };
}

/** The next sweep repeats it. */
export function sweeping(name = 'sweep', rest: Rest = {}): ProcessDefinition {
  return { name, run: ({ ports }) => sweep(ports), ...rest };
}

/** The stream repeats it. */
export function syncing(name = 'sync', rest: Rest = {}): ProcessDefinition {
  return { name, repetitions: 0, run: ({ ports }) => syncCron(ports, SITE, UID), ...rest };
}

export function resyncing(name = 'resync', rest: Rest = {}): ProcessDefinition {
  return { name, run: ({ ports }) => resync(ports), ...rest };
}

/** A user writes or removes a parameter; its change is projected and synchronised, and repeated until that succeeds. */
export function editing(
  name: string,
  edit: (world: World) => Promise<void>,
  rest: Rest & { readonly ofSettings?: boolean } = {},
): ProcessDefinition {
  const { ofSettings = false, ...others } = rest;
  return {
    name,
    repetitions: 0,
    async run({ ports, world, act, repetition }) {
      if (repetition === 0) await act('user.edit', () => edit(world));
      await projectParameter(ports, ofSettings ? { site: SITE } : { site: SITE, uid: UID });
      await (ofSettings ? syncSite(ports, SITE) : syncCron(ports, SITE, UID));
    },
    ...others,
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
