import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDelivery, parseDelivery } from '../../lib/aws/delivery.ts';
import { InvalidError } from '../../lib/domain/errors.ts';

const CURE = 'Send what a timer sends: {"site":…,"uid":…,"at":…}.';

test('a delivery is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          site: fc.stringMatching(/^[a-z0-9-]{1,16}$/),
          uid: fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/),
          at: fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000),
          forced: fc.uuid(),
        },
        { requiredKeys: ['site', 'uid', 'at'] },
      ),
      (delivery) => {
        expect(parseDelivery(JSON.parse(formatDelivery(delivery)))).toEqual(delivery);
      },
    ),
  );
});

test.each([
  ['nothing', undefined, 'nothing'],
  ['a text', 'run!', '"run!"'],
  ['a list', [1], '[1]'],
  ['null', null, 'null'],
])('%s is no delivery', (_, event, got) => {
  expect(() => parseDelivery(event)).toThrow(`value: got ${got}, wanted a JSON object. ${CURE}`);
});

test('every problem of an event is told', () => {
  const event = { site: 'No Site', at: '2026-13-05T12:00:00Z', forced: 7 };
  expect(() => parseDelivery(event)).toThrow(
    new InvalidError([
      { where: 'site', got: '"No Site"', wanted: 'a site', cure: CURE },
      { where: 'uid', got: 'nothing', wanted: "a cron's uid", cure: CURE },
      {
        where: 'at',
        got: '"2026-13-05T12:00:00Z"',
        wanted: 'a time such as "2026-01-05T12:00:00Z"',
        cure: CURE,
      },
      { where: 'forced', got: '7', wanted: 'a run id, or nothing', cure: CURE },
    ]),
  );
});

test.each(['2026-01-05T12:00:00+01:00', '2026-01-05', '<aws.scheduler.scheduled-time>', 1767614400])(
  'the time %s is refused',
  (at) => {
    expect(() => parseDelivery({ site: 'site', uid: 'a', at })).toThrow(InvalidError);
  },
);
