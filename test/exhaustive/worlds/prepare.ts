/** The states in which worlds begin. */
import type { CronFields } from '../../../lib/core/domain/cron.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { syncCron } from '../../../lib/core/engine/sync.ts';
import { freeActor } from '../actor.ts';
import { NOON, SITE, UID, type World } from '../world.ts';

/** A cron was added before noon, hourly unless the fields say otherwise. It is noon or later, and its timer has fired. */
export function atNoon(fields: Partial<CronFields> = {}, laterMs = 0): (world: World) => Promise<void> {
  return async (world) => {
    await addCron(world, fields);
    world.advance(NOON + laterMs - world.now);
    world.deliveries = [];
  };
}

/** Adds a cron and synchronises it. */
export async function addCron(world: World, fields: Partial<CronFields> = {}, uid = UID): Promise<void> {
  const { ports } = freeActor(world, 'setup');
  await world.write(fields, uid);
  await projectParameter(ports, { site: SITE, uid });
  const problems = (await world.store.readProjection({ site: SITE, uid }))?.problems;
  if (problems) throw new Error(`The cron of a world is invalid: ${JSON.stringify(problems)}`);
  await syncCron(ports, SITE, uid);
}
