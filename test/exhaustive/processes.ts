/** The processes that worlds are made of: the Lambdas, users, and time. */
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { projectParameter } from '../../lib/core/engine/project-parameter.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { run } from '../../lib/core/engine/run.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../lib/core/engine/sync.ts';
import { LIFETIME_MS } from './deliver-all.ts';
import { NOON, SITE, UID, type World } from './world.ts';
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
