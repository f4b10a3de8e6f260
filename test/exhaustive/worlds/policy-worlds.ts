/** Worlds of the policies: overlapping and missed planned times. The cron has two planned times, at noon and a minute later. */
import type { RunRecord } from '../../../lib/core/domain/run-record.ts';
import { AT_NOON, delivery, laterDelivery } from '../processes.ts';
import { MINUTE, NOON, type World } from '../world.ts';
import type { WorldDefinition } from '../world-definition.ts';
import { atNoon } from './prepare.ts';

const TWO_TIMES = '0,1 12 * * *';
const SECOND = NOON + MINUTE;
const AT_SECOND = { ...AT_NOON, plannedAt: SECOND };

const overlapping = [delivery('first'), laterDelivery('second', MINUTE, AT_SECOND)];
const twice = [delivery('first'), delivery('second', AT_SECOND)];

function starts({ starts }: World): number[] {
  return starts.map(({ plannedAt }) => plannedAt);
}

function outOfOrder(world: World): string[] {
  const [first, second] = starts(world);
  return first === SECOND && second === NOON ? ['The second time ran before the first one'] : [];
}

function reasons(records: readonly RunRecord[]): string[] {
  return records.map(({ reason = '' }) => reason);
}

/** No reason but these. */
function onlyReasons(...allowed: string[]): WorldDefinition['check'] {
  return (_world, records) =>
    reasons(records)
      .filter((reason) => reason !== '' && reason !== 'died' && !allowed.includes(reason))
      .map((reason) => `A record has the reason ${reason}`);
}

export const POLICY_WORLDS: readonly WorldDefinition[] = [
  {
    name: 'overlap-skip',
    about: 'The second planned time comes while the first one runs, and is skipped.',
    prepare: atNoon({ periodicity: TWO_TIMES }),
    processes: overlapping,
    faults: 2,
    expected: [NOON, SECOND],
    check: onlyReasons('overlap'),
  },
  {
    name: 'overlap-buffer',
    about: 'The second planned time comes while the first one runs, and waits.',
    prepare: atNoon({ periodicity: TWO_TIMES, overlap: 'buffer' }),
    processes: overlapping,
    faults: 1,
    expected: [NOON, SECOND],
    check: onlyReasons(),
  },
  {
    name: 'overlap-allow',
    about: 'The second planned time comes while the first one runs, and runs beside it.',
    prepare: atNoon({ periodicity: TWO_TIMES, overlap: 'allow' }),
    processes: overlapping,
    faults: 1,
    expected: [NOON, SECOND],
    mayOverlap: true,
    check: onlyReasons(),
  },
  {
    name: 'two-times-within-the-grace',
    about: 'Both planned times are delivered late, within the grace: both run, one after the other.',
    prepare: atNoon({ periodicity: TWO_TIMES, missed: 'skip' }, 4 * MINUTE),
    processes: twice,
    faults: 2,
    expected: [NOON, SECOND],
    check: (world, records) => [...(onlyReasons()?.(world, records) ?? []), ...outOfOrder(world)],
  },
  {
    name: 'missed-skip',
    about: 'Both planned times are found after the grace, and none runs.',
    prepare: atNoon({ periodicity: TWO_TIMES, missed: 'skip' }, 8 * MINUTE),
    processes: twice,
    faults: 2,
    expected: [NOON, SECOND],
    check: (world) => (starts(world).length === 0 ? [] : ['A missed time ran']),
  },
  {
    name: 'missed-once',
    about: 'Both planned times are found after the grace, and the second one runs.',
    prepare: atNoon({ periodicity: TWO_TIMES, missed: 'once' }, 8 * MINUTE),
    processes: twice,
    faults: 2,
    expected: [NOON, SECOND],
    check: (world) => (starts(world).includes(NOON) ? ['A missed time ran that is not the latest'] : []),
  },
  {
    name: 'missed-all',
    about: 'Both planned times are found after the grace, and both run.',
    prepare: atNoon({ periodicity: TWO_TIMES, missed: 'all' }, 8 * MINUTE),
    processes: twice,
    faults: 2,
    expected: [NOON, SECOND],
    check: onlyReasons(),
  },
];
