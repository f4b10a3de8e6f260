/** The small worlds, explored whole; `npm run explore` explores all of them. */
import { describe, expect, it } from 'vitest';
import { explore, replay } from './explorer.ts';
import { delivery, sweeping } from './processes.ts';
import { decodeSchedule, encodeSchedule, formatViolation } from './story.ts';
import { NOON } from './world.ts';
import type { WorldDefinition } from './world-definition.ts';
import { atNoon } from './worlds/prepare.ts';
import { worldOf } from './worlds/worlds.ts';

/** Seconds in all. */
const SMALL = ['throttled-arm', 'missed-skip'];

/** Noon may not start: the explorer has to find that it does. */
const FORBIDDEN: WorldDefinition = {
  name: 'forbidden',
  about: 'Noon is delivered, and must not start.',
  prepare: atNoon(),
  processes: [delivery('run'), sweeping()],
  faults: 1,
  expected: [NOON],
  check: ({ starts }) => (starts.length === 0 ? [] : ['noon started']),
};

describe('the explorer', () => {
  it.each(SMALL)('No schedule of the world %s violates an invariant', { timeout: 60_000 }, async (name) => {
    const { schedules, violation } = await explore(worldOf(name));
    expect(violation && formatViolation(worldOf(name), violation)).toBeUndefined();
    expect(schedules).toBeGreaterThan(1);
  });

  it('A violation is reported with the fewest faults and switches, and its schedule can be replayed', async () => {
    const { violation } = await explore(FORBIDDEN);
    expect(violation).toMatchObject({ faults: 0, problems: ['noon started'] });
    const { faults = 0, schedule = [], story } = violation ?? {};
    const printed = decodeSchedule(encodeSchedule(faults, schedule));
    expect(await replay(FORBIDDEN, printed.faults, printed.schedule)).toMatchObject({
      story,
      problems: ['noon started'],
    });
  });
});
