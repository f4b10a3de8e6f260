import { expect, test } from 'vitest';
import { pause } from '../../../lib/core/ports/clock.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

test('pause resolves at its time by the given clock', async () => {
  const clock = new VirtualClock(0);
  let ended = false;
  const end = pause(clock, 500).then(() => {
    ended = true;
  });
  await clock.advance(499);
  expect(ended).toBe(false);
  await clock.advance(1);
  await end;
  expect(ended).toBe(true);
});
