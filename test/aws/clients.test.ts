import { describe, expect, test, vi } from 'vitest';
import {
  makeDynamo,
  makeEventBridge,
  makeInvoker,
  makeLambda,
  makeScheduler,
  makeSsm,
  makeSts,
} from '../../lib/aws/clients.ts';

describe('the clients of AWS', () => {
  test.each([
    ['makeDynamo', makeDynamo, 5],
    ['makeScheduler', makeScheduler, 5],
    ['makeEventBridge', makeEventBridge, 5],
    ['makeLambda', makeLambda, 5],
    ['makeSts', makeSts, 5],
    ['makeSsm', makeSsm, 8],
    // A function that was called may have run: it is not called twice.
    ['makeInvoker', makeInvoker, 1],
  ])('%s tries that often, in the region of the environment', async (_, makeClient, attempts) => {
    vi.stubEnv('AWS_REGION', 'eu-south-1');
    try {
      const { config } = makeClient();
      expect(await config.maxAttempts()).toBe(attempts);
      expect(await config.region()).toBe('eu-south-1');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
