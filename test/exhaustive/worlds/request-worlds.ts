/** Worlds of runs that users request, and of run records that they delete. */
import type { RunRecord } from '../../../lib/core/domain/run-record.ts';
import { deleting, delivery, editing, evenOff, laterDelivery, requested, sweeping } from '../processes.ts';
import { MINUTE, NOON } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { atNoon } from './prepare.ts';

export const REQUEST_WORLDS: readonly WorldDefinition[] = [
  {
    name: 'request-beside-run',
    about: 'A user requests a run at its planned time.',
    prepare: atNoon(),
    processes: [delivery('run'), delivery('request', requested('request-1'))],
    faults: 2,
    expected: [NOON],
    requests: ['request-1'],
  },
  {
    name: 'late-time-beside-request',
    about: 'A planned time is delivered late, beside a requested run that began after it.',
    prepare: atNoon({}, 2 * MINUTE),
    processes: [delivery('late'), delivery('request', requested('request-1', NOON + 2 * MINUTE))],
    faults: 1,
    expected: [NOON],
    requests: ['request-1'],
    check: (_world, records) =>
      records.some(({ forced, reason }) => forced === undefined && reason === 'overlap')
        ? ['A time before the run in progress is recorded as an overlap']
        : [],
  },
  {
    name: 'two-requests',
    about: 'Two users request a run at once, and one of them waits.',
    prepare: atNoon({ overlap: 'buffer' }),
    processes: [delivery('first', requested('request-1')), delivery('second', requested('request-2'))],
    faults: 2,
    requests: ['request-1', 'request-2'],
  },
  {
    name: 'two-requests-sweep',
    about: 'Two users request a run at its planned time, and runs may overlap.',
    prepare: atNoon({ overlap: 'allow' }),
    processes: [
      delivery('first', requested('request-1')),
      delivery('second', requested('request-2')),
      sweeping(),
    ],
    faults: 1,
    requests: ['request-1', 'request-2'],
    mayOverlap: true,
  },
  {
    name: 'requests-even-off',
    about:
      'A user requests two runs, one after the other, of a cron that is off, and a sweep comes beside them.',
    prepare: atNoon({ activated: false, overlap: 'buffer' }),
    processes: [
      delivery('first', evenOff('request-1')),
      delivery('second', evenOff('request-2')),
      sweeping(),
    ],
    faults: 1,
    requests: ['request-1', 'request-2'],
    check: (_world, records) => refusedAsOff(records),
  },
  {
    name: 'request-even-off-beside-edit',
    about:
      'A run that holds although the cron is off waits behind a planned one while a user switches the cron off.',
    prepare: atNoon({ overlap: 'buffer' }),
    processes: [
      delivery('run'),
      delivery('request', evenOff('request-1')),
      editing('off', (world) => world.write({ activated: false, overlap: 'buffer' }), { isProjected: true }),
    ],
    faults: 0,
    expected: [NOON],
    requests: ['request-1'],
    check: (_world, records) => refusedAsOff(records),
  },
  {
    name: 'request-delivered-twice',
    about: 'The delivery of a requested run arrives twice.',
    prepare: atNoon(),
    processes: [delivery('first', requested('request-1')), delivery('second', requested('request-1'))],
    faults: 2,
    requests: ['request-1'],
  },
  {
    name: 'late-duplicate-of-a-request',
    about: 'The delivery of a requested run arrives again when the job has forgotten it.',
    prepare: atNoon(),
    processes: [
      delivery('first', requested('request-1')),
      laterDelivery('duplicate', 6 * MINUTE, requested('request-1')),
    ],
    faults: 2,
    requests: ['request-1'],
  },
  {
    name: 'record-deleted',
    about: 'A user deletes the record of a run beside its delivery and a sweep.',
    prepare: atNoon(),
    processes: [delivery('run'), deleting('user', [String(NOON / 1000)]), sweeping()],
    faults: 1,
    expected: [NOON],
  },
  {
    name: 'record-deleted-twice',
    about: 'Lambda hands out one event to two executions, and a user deletes the record of the run.',
    prepare: atNoon(),
    processes: [delivery('first'), delivery('second'), deleting('user', [String(NOON / 1000)])],
    faults: 1,
    expected: [NOON],
  },
];

function refusedAsOff(records: readonly RunRecord[]): string[] {
  return records.some(({ forced, reason }) => forced !== undefined && reason === 'off')
    ? ['A request that holds although the cron is off is recorded as off']
    : [];
}
