/** Worlds of a planned time that is delivered: beside repetitions of the delivery, and beside a sweep. */
import { delivery, sweeping } from '../processes.ts';
import { NOON } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { atNoon } from './prepare.ts';

export const DELIVERY_WORLDS: readonly WorldDefinition[] = [
  {
    name: 'delivery-sweep',
    about: 'A delivery, and a sweep beside it.',
    prepare: atNoon(),
    processes: [delivery('run'), sweeping()],
    faults: 2,
    expected: [NOON],
  },
  {
    name: 'one-request-twice',
    about: 'Lambda hands out one event to two executions.',
    prepare: atNoon(),
    processes: [delivery('first'), delivery('second')],
    faults: 2,
    expected: [NOON],
  },
];
