/** Worlds of a planned time that is delivered: beside repetitions of the delivery, beside a sweep, and with clocks that differ. */
import { AT_NOON, delivery, laterDelivery, localDelivery, stopping, sweeping, time } from '../processes.ts';
import { MINUTE, NOON } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { atNoon } from './prepare.ts';

const NOON_AND_ONE = '0,1 12 * * *';

/** Only the run of noon is stopped, and its record names the user. */
const onlyStoppedOnRequest: WorldDefinition['check'] = (_world, records) =>
  records
    .filter(({ reason }) => reason === 'stopped')
    .filter(({ plannedAt, messages }) => plannedAt !== NOON || messages[0] !== 'stopped by a user')
    .map(({ plannedAt, messages }) => `${plannedAt} was stopped: ${messages}`);

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
  {
    name: 'one-request-twice-sweep',
    about: 'Lambda hands out one event to two executions, and a sweep comes beside them.',
    prepare: atNoon(),
    processes: [delivery('first'), delivery('second'), sweeping()],
    faults: 1,
    expected: [NOON],
  },
  {
    name: 'repeated-at-once',
    about: 'Lambda repeats a delivery that fails or dies while its lease lasts, and a sweep comes beside it.',
    prepare: atNoon(),
    processes: [delivery('run', AT_NOON, { repetitions: 2 }), sweeping()],
    faults: 2,
    expected: [NOON],
  },
  {
    name: 'lost-delivery',
    about: 'A delivery was lost for three minutes; the sweep repeats it, and then it arrives after all.',
    prepare: atNoon({}, 3 * MINUTE),
    processes: [delivery('late'), sweeping()],
    faults: 2,
    expected: [NOON],
  },
  {
    name: 'throttled-arm',
    about: 'The next planned time is so near that the run has to arm it, although it is throttled.',
    prepare: atNoon({ periodicity: NOON_AND_ONE }),
    processes: [delivery('run')],
    faults: 2,
    expected: [NOON, NOON + MINUTE],
  },
  {
    name: 'lease-outlived',
    about: 'A sweep ends the lease of a holder that still works.',
    prepare: atNoon({ timeout: 870 }),
    processes: [delivery('run', AT_NOON, { lifetimeMs: 60 * MINUTE }), time(17 * MINUTE), sweeping()],
    faults: 1,
    expected: [NOON],
    mayOverlap: true,
  },
  {
    name: 'sweep-a-minute-ahead',
    about: "The sweep's clock is a minute ahead, and a run lasts as long as Lambda lets it.",
    prepare: atNoon({ environ: { worksMinutes: 14 }, timeout: 870 }),
    processes: [delivery('run'), time(14 * MINUTE, MINUTE - 1), sweeping('sweep', { skewMs: MINUTE })],
    faults: 1,
    expected: [NOON],
  },
  {
    name: 'run-a-minute-behind',
    about: "The run's clock is a minute behind: its delivery seems to be early.",
    prepare: atNoon(),
    processes: [delivery('run', AT_NOON, { skewMs: -MINUTE }), delivery('second'), sweeping()],
    faults: 1,
    expected: [NOON],
  },
  {
    name: 'given-up',
    about:
      'A runner ignores its abort signal: the process commits, ends itself, and Lambda repeats the delivery.',
    prepare: atNoon({ environ: { worksMinutes: 30, ignoresAbort: true }, timeout: 60 }),
    processes: [delivery('run', AT_NOON, { repetitions: 1, canExit: true }), time(MINUTE), sweeping()],
    faults: 1,
    expected: [NOON],
  },
  {
    name: 'given-up-on-a-laptop',
    about: 'A runner ignores its abort signal on a laptop: the lease lasts until it has really ended.',
    prepare: atNoon({ environ: { worksMinutes: 30, ignoresAbort: true }, timeout: 60 }),
    processes: [localDelivery('run'), time(MINUTE, 30 * MINUTE), sweeping()],
    isLocal: true,
    faults: 1,
    expected: [NOON],
  },
  {
    name: 'stop',
    about: 'A user stops a run that is about to end.',
    prepare: atNoon({ environ: { worksMinutes: 1 } }),
    processes: [delivery('run'), stopping('stop'), time(5_000, MINUTE)],
    faults: 1,
    expected: [NOON],
    check: onlyStoppedOnRequest,
  },
  {
    name: 'stop-and-sweep',
    about: 'A user stops a run that ignores it; its process is ended, or dies, and a sweep comes beside it.',
    prepare: atNoon({ environ: { worksMinutes: 30, ignoresAbort: true }, timeout: 870 }),
    processes: [
      delivery('run', AT_NOON, { repetitions: 1, canExit: true }),
      stopping('stop'),
      time(5_000, 17 * MINUTE),
      sweeping(),
    ],
    faults: 0,
    expected: [NOON],
    check: onlyStoppedOnRequest,
  },
  {
    name: 'stop-beside-waiting',
    about: 'A user stops a run while the next planned time waits for its end.',
    prepare: atNoon({ periodicity: NOON_AND_ONE, overlap: 'buffer', environ: { worksMinutes: 3 } }),
    processes: [
      delivery('run'),
      laterDelivery('second', MINUTE, { ...AT_NOON, plannedAt: NOON + MINUTE }),
      stopping('stop'),
    ],
    faults: 0,
    expected: [NOON, NOON + MINUTE],
    check: onlyStoppedOnRequest,
  },
];
