import { run } from '../../lib/core/engine/run.ts';
import { freeActor } from './actor.ts';
import { MINUTE, type World } from './world.ts';

/** How long a Lambda may run, in milliseconds. */
export const LIFETIME_MS = 15 * MINUTE;

/** Handles every delivery that was accepted to its end, undisturbed, with those that follow from it. */
export async function deliverAll(world: World): Promise<void> {
  for (let [delivery] = world.deliveries; delivery; [delivery] = world.deliveries) {
    world.deliveries = world.deliveries.slice(1);
    await run(freeActor(world, 'delivery at the end').ports, delivery, world.now + LIFETIME_MS);
  }
}
