/** The Random of Lambdas and of local schedulers. */
import { randomUUID } from 'node:crypto';
import type { Random } from '../core/ports/random.ts';

/** Ids are version 4 UUIDs. */
export const systemRandom: Random = { id: () => randomUUID() };
