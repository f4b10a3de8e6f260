import { expect, it } from 'vitest';
import { acceptRun } from '../../../lib/adapters/local/accept-run.ts';
import type { Delivery } from '../../../lib/core/domain/occurrence.ts';

const DELIVERY = { site: 'shop', uid: 'a', plannedAt: 0, forced: 'x' };
const PORTS = { store: { read: async () => ({}) }, runners: { requireRunnable: () => undefined } };

it('A requested run is refused while 200 of them are in progress, and accepted when one has ended', async () => {
  const delivered: Delivery[] = [];
  const deliver = async (one: Delivery) => delivered.push(one) > 0;
  const request = (requested: number) => acceptRun({ ports: PORTS, requested, deliver }, DELIVERY);
  await expect(request(200)).rejects.toMatchObject({
    name: 'ThrottledError',
    message: '200 requested runs are in progress, the most at once. Try again when some of them have ended.',
  });
  expect(delivered).toEqual([]);
  await request(199);
  expect(delivered).toEqual([DELIVERY]);
});

it('A requested run whose claim could not be stored is not accepted', async () => {
  const deliver = async () => false;
  await expect(acceptRun({ ports: PORTS, requested: 0, deliver }, DELIVERY)).rejects.toMatchObject({
    name: 'UnavailableError',
    message: 'The run could not be started; the log says why. Try again.',
  });
});
