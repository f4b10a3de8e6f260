import { expect, it } from 'vitest';
import { Audit } from '../../../lib/app/door/audit.ts';
import { recorded } from '../../support/faulty.ts';
import { makeWorld } from '../../support/world.ts';

it('Lists and labels of the registry pass through the one that notes the changes', async () => {
  const world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '@daily' });
  const { port, calls } = recorded(world.ports.registry);
  const registry = new Audit().registry(port);
  const [parameter] = await Array.fromAsync(registry.list());
  if (!parameter) throw new Error('The registry has no parameter.');
  await registry.labelRejected(parameter, []);
  await registry.unlabelRejected({ site: 'default', uid: 'a' }, 1);
  expect(await registry.history({ site: 'default', uid: 'a' })).toHaveLength(1);
  expect(calls).toEqual(['list', 'labelRejected', 'unlabelRejected', 'history']);
  world.close();
});
