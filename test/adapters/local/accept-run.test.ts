import { expect, it } from 'vitest';
import { acceptRun } from '../../../lib/adapters/local/accept-run.ts';
import type { Delivery } from '../../../lib/core/domain/occurrence.ts';

it('A requested run is refused while 200 of them are in progress, and accepted when one has ended', async () => {
  const delivered: Delivery[] = [];
  const ports = { store: { read: async () => ({}) }, runners: { requireRunnable: () => undefined } };
  const delivery = { site: 'shop', uid: 'a', plannedAt: 0, forced: 'x' };
  const request = (requested: number) =>
    acceptRun({ ports, requested, deliver: (one) => void delivered.push(one) }, delivery);
  await expect(request(200)).rejects.toMatchObject({
    name: 'ThrottledError',
    message: '200 requested runs are in progress, the most at once. Try again when some of them have ended.',
  });
  expect(delivered).toEqual([]);
  await request(199);
  expect(delivered).toEqual([delivery]);
});
