/** Every world that is explored. */
import type { WorldDefinition } from '../world-definition.ts';
import { DELIVERY_WORLDS } from './delivery-worlds.ts';
import { EDIT_WORLDS } from './edit-worlds.ts';
import { LAG_WORLDS } from './lag-worlds.ts';
import { POLICY_WORLDS } from './policy-worlds.ts';
import { REPAIR_WORLDS } from './repair-worlds.ts';
import { REQUEST_WORLDS } from './request-worlds.ts';

export const WORLDS: readonly WorldDefinition[] = [
  ...DELIVERY_WORLDS,
  ...REQUEST_WORLDS,
  ...EDIT_WORLDS,
  ...REPAIR_WORLDS,
  ...POLICY_WORLDS,
  ...LAG_WORLDS,
];

/** The world of that name. Throws if there is none. */
export function worldOf(name: string): WorldDefinition {
  const world = WORLDS.find((one) => one.name === name);
  if (world) return world;
  throw new Error(`Unknown world: "${name}". The worlds are ${WORLDS.map((one) => one.name).join(', ')}.`);
}
