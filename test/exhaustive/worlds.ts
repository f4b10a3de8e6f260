/** The worlds that are explored. Each has an hourly cron, unless it says otherwise, whose time is noon. */
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { run } from '../../lib/core/engine/run.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../lib/core/engine/sync.ts';
import type { ProcessDefinition, WorldDefinition } from './explorer.ts';
import { MINUTE, NOON, SITE, UID, type World, type WorldPorts } from './world.ts';

const DELIVERY: Delivery = { site: SITE, uid: UID, plannedAt: NOON };
const LIFETIME_MS = 15 * MINUTE;

/** A Lambda that handles the delivery. */
function delivered(
  name: string,
  delivery: Delivery = DELIVERY,
  rest: Partial<ProcessDefinition> = {},
): ProcessDefinition {
  return {
    name,
    delivery,
    run: (ports: WorldPorts, world: World) => run(ports, delivery, world.now + LIFETIME_MS),
    ...rest,
  };
}

function sweeping(name = 'sweep', rest: Partial<ProcessDefinition> = {}): ProcessDefinition {
  return { name, run: (ports) => sweep(ports), ...rest };
}

function syncing(name = 'sync'): ProcessDefinition {
  return { name, run: (ports) => syncCron(ports, SITE, UID) };
}

/** Something that a user does as one step; its projection and its sync may be disturbed. */
function acting(name: string, act: (world: World, ports: WorldPorts) => Promise<void>): ProcessDefinition {
  return {
    name,
    async run(ports, world, process) {
      await process.call('user.acts', () => act(world, ports));
      await syncSite(ports, SITE);
    },
  };
}

/** The clock moves at any moment. */
function timePasses(milliseconds: number): ProcessDefinition {
  return {
    name: 'clock',
    run: (_ports, world, process) => process.call('clock.advance', async () => world.advance(milliseconds)),
  };
}

/** The cron is armed for noon, and it is noon. */
async function atNoon(world: World): Promise<void> {
  world.now = NOON - 10 * MINUTE;
  await world.write();
  await world.sync();
  world.advance(10 * MINUTE);
  world.deliveries.length = 0;
}

const BASE = { now: NOON - 10 * MINUTE, prepare: atNoon, expected: [NOON], faults: 2 } as const;

export const WORLDS: readonly WorldDefinition[] = [
  {
    ...BASE,
    name: 'delivery-sweep',
    about: 'A delivery, and a sweep beside it.',
    processes: [delivered('run'), sweeping()],
  },
  {
    ...BASE,
    name: 'one-request-twice',
    about: 'Lambda hands out one event to two executions.',
    processes: [delivered('first'), delivered('second')],
  },
];
