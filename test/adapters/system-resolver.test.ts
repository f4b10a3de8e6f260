import { expect, it } from 'vitest';
import { systemResolver } from '../../lib/adapters/system-resolver.ts';

it('The resolver returns every address of a host of this machine', async () => {
  expect(await systemResolver('localhost')).toContainEqual({
    address: expect.stringMatching(/^127\.|^::1$/),
    family: expect.any(Number),
  });
});
