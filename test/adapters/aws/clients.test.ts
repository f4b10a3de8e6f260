import { describe, expect, test, vi } from 'vitest';
import {
  makeDynamo,
  makeEventBridge,
  makeInvoker,
  makeLambda,
  makeScheduler,
  makeSsm,
  makeSts,
} from '../../../lib/adapters/aws/clients.ts';

describe('the clients of the AWS SDK', () => {
  test.each([
    ['makeDynamo', makeDynamo, 5],
    ['makeScheduler', makeScheduler, 5],
    ['makeEventBridge', makeEventBridge, 5],
    ['makeLambda', makeLambda, 5],
    ['makeSts', makeSts, 5],
    ['makeSsm', makeSsm, 8],
    // A function whose call failed may have run: the client must not call it twice.
    ['makeInvoker', makeInvoker, 1],
  ])(
    '%s sets maxAttempts to $2 and takes the region from the environment',
    async (_, makeClient, attempts) => {
      vi.stubEnv('AWS_REGION', 'eu-south-1');
      try {
        const { config } = makeClient();
        expect(await config.maxAttempts()).toBe(attempts);
        expect(await config.region()).toBe('eu-south-1');
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );
});
