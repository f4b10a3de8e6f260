import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDelivery, parseDelivery } from '../../../lib/adapters/aws/delivery.ts';
import { attempt, InvalidError } from '../../../lib/core/domain/errors.ts';

const FIX = 'Send what a timer sends: {"site":…,"uid":…,"plannedAt":…}.';

test('parseDelivery reads what formatDelivery wrote', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          site: fc.stringMatching(/^[a-z0-9-]{1,16}$/),
          uid: fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/),
          plannedAt: fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000),
          forced: fc.uuid(),
          requestedBy: fc.string({ minLength: 1, maxLength: 53, unit: 'grapheme-ascii' }),
          evenOff: fc.constant(true as const),
        },
        { requiredKeys: ['site', 'uid', 'plannedAt'] },
      ),
      (delivery) => {
        expect(parseDelivery(JSON.parse(formatDelivery(delivery)))).toEqual(delivery);
      },
    ),
  );
});

test('parseDelivery cuts the name of the requester at 144 bytes', () => {
  const event = { site: 'site', uid: 'a', plannedAt: '2026-01-05T12:00:00Z', forced: 'run-1' };
  const { requestedBy } = parseDelivery({ ...event, requestedBy: '時'.repeat(1_000) });
  expect(requestedBy).toBe(`${'時'.repeat(47)}…`);
});

test('parseDelivery rejects an event that is absent', () => {
  expect(() => parseDelivery(undefined)).toThrow(`value: got nothing, wanted a JSON object. ${FIX}`);
});

test.each([
  ['a string', 'run!', '"run!"'],
  ['an array', [1], '[1]'],
  ['null', null, 'null'],
])('parseDelivery rejects an event that is %s', (_, event, got) => {
  expect(attempt(() => parseDelivery(event)).problems).toMatchObject([{ where: 'value', got }]);
});

test('parseDelivery reports every problem of an event', () => {
  const event = { site: 'No Site', plannedAt: '2026-13-05T12:00:00Z', forced: 7, requestedBy: [] };
  expect(() => parseDelivery(event)).toThrow(
    new InvalidError([
      { where: 'site', got: '"No Site"', wanted: 'a site', fix: FIX },
      { where: 'uid', got: 'nothing', wanted: "a cron's uid", fix: FIX },
      {
        where: 'plannedAt',
        got: '"2026-13-05T12:00:00Z"',
        wanted: 'a time such as "2026-01-05T12:00:00Z"',
        fix: FIX,
      },
      { where: 'forced', got: '7', wanted: 'a run id, or nothing', fix: FIX },
      { where: 'requestedBy', got: '[]', wanted: 'text, or nothing', fix: FIX },
    ]),
  );
});

test.each(['2026-01-05T12:00:00+01:00', '2026-01-05', '<aws.scheduler.scheduled-time>', 1767614400])(
  'parseDelivery rejects the time %s',
  (plannedAt) => {
    expect(attempt(() => parseDelivery({ site: 'site', uid: 'a', plannedAt })).problems).toMatchObject([
      { where: 'plannedAt' },
    ]);
  },
);
