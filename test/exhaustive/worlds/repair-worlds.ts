/** Worlds of the sweep and the resync, beside each other and beside deliveries. */
import { delivery, resyncing, sweeping } from '../processes.ts';
import { MINUTE, NOON, SITE, UID, type World } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { addCron, atNoon } from './prepare.ts';

const OTHER = 'b';

/** Two crons, of which an item of the second cannot be read. */
function withUnreadable(table: 'projection' | 'job'): (world: World) => Promise<void> {
  return async (world) => {
    await addCron(world, {}, OTHER);
    world.spoil(table, OTHER);
    await atNoon()(world);
  };
}

/** Nothing is decided about the cron that cannot be read. */
function leavesTheOther({ starts }: World): string[] {
  return starts.some(({ uid }) => uid === OTHER) ? [`${OTHER} cannot be read and was started`] : [];
}

export const REPAIR_WORLDS: readonly WorldDefinition[] = [
  {
    name: 'sweep-sweep',
    about: 'Two sweeps find an overdue planned time, a lost timer and a surplus one.',
    prepare: atNoon({}, 3 * MINUTE),
    processes: [sweeping('first'), sweeping('second')],
    faults: 2,
    expected: [NOON],
  },
  {
    name: 'lost-timer',
    about: 'Two sweeps find a lost timer and a surplus one.',
    prepare: async (world) => {
      await addCron(world);
      await world.queue.disarm({ site: SITE, uid: UID, plannedAt: NOON });
      await world.queue.arm({ site: SITE, uid: UID, plannedAt: NOON + 7 * MINUTE });
    },
    processes: [sweeping('first'), sweeping('second')],
    faults: 2,
  },
  {
    name: 'resync-sweep',
    about: 'A resync and a sweep come beside each other, and a parameter has changed unnoticed.',
    prepare: async (world) => {
      await addCron(world);
      await world.write({ periodicity: '30 * * * *' });
    },
    processes: [resyncing(), sweeping()],
    faults: 2,
  },
  {
    name: 'resync-resync',
    about: 'Two resyncs come beside each other, and a parameter was removed unnoticed.',
    prepare: async (world) => {
      await addCron(world);
      await world.remove();
    },
    processes: [resyncing('first'), resyncing('second')],
    faults: 2,
  },
  {
    name: 'resync-delivery',
    about: 'A resync comes beside a delivery.',
    prepare: atNoon(),
    processes: [resyncing(), delivery('run')],
    faults: 2,
    expected: [NOON],
  },
  {
    name: 'unreadable-job',
    about: 'The job of another cron cannot be read.',
    prepare: withUnreadable('job'),
    processes: [delivery('run'), sweeping()],
    faults: 2,
    expected: [NOON],
    check: leavesTheOther,
  },
  {
    name: 'unreadable-cron',
    about: 'The projection of another cron cannot be read.',
    prepare: withUnreadable('projection'),
    processes: [delivery('run'), sweeping()],
    faults: 2,
    expected: [NOON],
    check: leavesTheOther,
  },
];
