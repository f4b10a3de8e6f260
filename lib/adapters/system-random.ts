/** The machine's chance, shared by Lambdas and the laptop. */
import { randomUUID } from 'node:crypto';
import type { Random } from '../core/ports/random.ts';

/** Ids are version 4 UUIDs. */
export const systemRandom: Random = { id: () => randomUUID() };
