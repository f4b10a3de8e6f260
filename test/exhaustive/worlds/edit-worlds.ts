/** Worlds in which users edit, switch, remove and add crons beside deliveries and repairs. */
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { syncCron } from '../../../lib/core/engine/sync.ts';
import { freeActor } from '../actor.ts';
import { deliverAll } from '../deliver-all.ts';
import {
  delivery,
  editing,
  editingAtOnce,
  removingAndAdding,
  resyncing,
  sweeping,
  switching,
  syncing,
  time,
} from '../processes.ts';
import { MINUTE, NOON, SITE, UID, type World } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { addCron, atNoon } from './prepare.ts';

const HALF_PAST = '30 * * * *';

const toHalfPast = (world: World) => world.write({ periodicity: HALF_PAST });

export const EDIT_WORLDS: readonly WorldDefinition[] = [
  {
    name: 'edit-delivery',
    about: 'An edit replaces the planned time while it is delivered.',
    prepare: atNoon(),
    processes: [delivery('run'), editing('edit', toHalfPast)],
    faults: 2,
  },
  {
    name: 'edit-delivery-sweep',
    about: 'An edit replaces the planned time while it is delivered, and a sweep comes beside it.',
    prepare: atNoon(),
    processes: [delivery('run'), editing('edit', toHalfPast, { isProjected: true }), sweeping()],
    faults: 0,
  },
  {
    name: 'edit-delivery-two-syncs',
    about: 'An edit replaces the planned time while it is delivered, and is synchronised twice at once.',
    prepare: atNoon(),
    processes: [delivery('run'), editing('edit', toHalfPast, { isProjected: true }), syncing('second sync')],
    faults: 1,
  },
  {
    name: 'edit-two-deliveries',
    about: 'An edit replaces the planned time, which is delivered twice.',
    prepare: atNoon(),
    processes: [delivery('first'), delivery('second'), editing('edit', toHalfPast, { isProjected: true })],
    faults: 1,
  },
  {
    name: 'edit-two-deliveries-sweep',
    about: 'An edit replaces the planned time, which is delivered twice, and a sweep comes beside it.',
    prepare: atNoon(),
    processes: [delivery('first'), delivery('second'), editingAtOnce('edit', toHalfPast), sweeping()],
    faults: 0,
  },
  {
    name: 'two-syncs-of-one-edit',
    about: 'The stream delivers an edit twice, before its time comes.',
    prepare: async (world) => {
      await addCron(world);
      await world.write({ periodicity: HALF_PAST });
    },
    processes: [editing('first', async () => {}), editing('second', async () => {}), time(10 * MINUTE)],
    faults: 1,
  },
  {
    name: 'switch-off-delivery',
    about: 'A user switches the crontab off while a planned time is delivered.',
    prepare: atNoon(),
    processes: [delivery('run'), switching('switch', false)],
    faults: 2,
  },
  {
    name: 'switch-off-and-on',
    about: 'A user switches the cron off and on again while its planned time is delivered.',
    prepare: atNoon(),
    processes: [
      delivery('run'),
      editing('off', (world) => world.write({ activated: false }), { isProjected: true }),
      editing('on', (world) => world.write(), { isProjected: true }),
    ],
    faults: 0,
  },
  {
    name: 'remove-delivery-sweep',
    about: 'A user removes the cron while its planned time is delivered, and a sweep comes beside it.',
    prepare: atNoon(),
    processes: [
      delivery('run'),
      editing('remove', (world) => world.remove(), { isProjected: true }),
      sweeping(),
    ],
    faults: 1,
  },
  {
    name: 'remove-and-add-delivery',
    about: 'A user removes the cron and adds it again while its planned time is delivered.',
    prepare: atNoon(),
    processes: [
      delivery('run'),
      editing('remove', (world) => world.remove(), { isProjected: true }),
      editing('add', (world) => world.write(), { isProjected: true }),
    ],
    faults: 1,
  },
  {
    name: 'remove-and-add-delivery-sweep',
    about:
      'A user removes the cron and adds it again while its planned time is delivered and a sweep comes round.',
    prepare: atNoon(),
    processes: [delivery('run'), removingAndAdding(), sweeping()],
    faults: 0,
  },
  {
    name: 'sync-of-an-earlier-life',
    about: 'A slow sync saw no job; meanwhile the cron is armed, runs, is removed and added again.',
    prepare: async (world) => {
      await addCron(world, {}, 'b');
      await world.write();
      const { ports } = freeActor(world, 'setup');
      await projectParameter(ports, { site: SITE, uid: UID });
    },
    processes: [
      syncing('slow sync'),
      {
        name: 'life',
        async run({ ports, world, act }) {
          await act('life.begins', async () => {
            await syncCron(freeActor(world, 'sync').ports, SITE, UID);
            world.advance(10 * MINUTE);
          });
          await act('life.runs', () => deliverAll(world));
          await act('life.ends', async () => {
            const free = freeActor(world, 'removal').ports;
            await world.remove();
            await projectParameter(free, { site: SITE, uid: UID });
            await syncCron(free, SITE, UID);
          });
          await act('life.begins again', async () => {
            await world.write();
            await projectParameter(freeActor(world, 'addition').ports, { site: SITE, uid: UID });
          });
          await syncCron(ports, SITE, UID);
        },
        repetitions: 0,
      },
    ],
    faults: 2,
    expected: [NOON],
  },
  {
    name: 'resync-edit',
    about: 'An edit comes while a resync lists the registry.',
    prepare: atNoon(),
    processes: [resyncing(), editing('edit', toHalfPast)],
    faults: 2,
  },
  {
    name: 'resync-remove-and-add',
    about: 'A user removes a cron and adds it again while a resync lists the registry.',
    prepare: async (world) => addCron(world),
    processes: [
      resyncing(),
      editing('remove', (world) => world.remove(), { isProjected: true }),
      editing('add', (world) => world.write(), { isProjected: true }),
    ],
    faults: 0,
  },
];
