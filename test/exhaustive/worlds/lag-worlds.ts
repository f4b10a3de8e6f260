/** Worlds whose registry lags behind its own events, and in which labels and events are refused. */
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { freeActor } from '../actor.ts';
import { delivery, editing, resyncing, sweeping } from '../processes.ts';
import { NOON, SITE, UID, type World } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { addCron, atNoon } from './prepare.ts';

const toHalfPast = (world: World) => world.write({ periodicity: '30 * * * *' });

/** A version was rejected and has its label. */
async function withRejection(world: World): Promise<void> {
  await addCron(world);
  await world.breakCron();
  await projectParameter(freeActor(world, 'rejection').ports, { site: SITE, uid: UID });
}

/**
 * The present version has a label if it is invalid, and no other has one. A process that labels late may fail to remove the
 * label again: it informs users, and nothing rests on it.
 */
function wrongLabels({ registry }: World): string[] {
  const [present] = registry.content.versions.get(`${SITE}/${UID}`)?.slice(-1) ?? [];
  const label = registry.label({ site: SITE, uid: UID });
  const wanted = present && !present.value.startsWith('{') ? present.version : undefined;
  if (label?.version === wanted || (wanted === undefined && label?.isLate)) return [];
  return [`version ${label?.version} has a label, and version ${wanted} should have one`];
}

export const LAG_WORLDS: readonly WorldDefinition[] = [
  {
    name: 'lagging-edit',
    about: 'An edit replaces the planned time while it is delivered, and the registry is behind its event.',
    prepare: atNoon(),
    processes: [delivery('run'), editing('edit', toHalfPast, { mayLag: true })],
    isWide: true,
    faults: 1,
  },
  {
    name: 'lagging-resync',
    about: 'An edit comes while a resync lists a registry that is behind.',
    prepare: async (world) => addCron(world),
    processes: [resyncing(), editing('edit', toHalfPast, { mayLag: true })],
    isWide: true,
    faults: 1,
  },
  {
    name: 'rejected-edit',
    about: 'An edit is invalid, and comes while the last valid version is delivered.',
    prepare: atNoon(),
    processes: [delivery('run'), editing('edit', (world) => world.breakCron(), { mayLag: true })],
    isWide: true,
    faults: 2,
    expected: [NOON],
    check: wrongLabels,
  },
  {
    name: 'fixed-rejection',
    about: 'A user fixes a rejected version.',
    prepare: withRejection,
    processes: [editing('fix', toHalfPast, { mayLag: true })],
    isWide: true,
    faults: 2,
    check: wrongLabels,
  },
  {
    name: 'events-refused',
    about: 'The bus refuses events of a delivery and of a sweep.',
    prepare: atNoon(),
    processes: [delivery('run'), sweeping()],
    isWide: true,
    faults: 2,
    expected: [NOON],
  },
];
