/** Every world that is explored. */
import type { WorldDefinition } from '../world-definition.ts';
import { DELIVERY_WORLDS } from './delivery-worlds.ts';

export const WORLDS: readonly WorldDefinition[] = [...DELIVERY_WORLDS];
