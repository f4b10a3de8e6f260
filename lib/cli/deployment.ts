/** A deployment as a command's target: found by the outputs of its stack, reached with the caller's credentials. */
import { makeDynamo, makeLambda } from '../aws/clients.ts';
import { readOutputs } from '../aws/deployment-outputs.ts';
import { DynamoStore } from '../aws/dynamo-store.ts';
import { invokeRun } from '../aws/run-function.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import type { Target } from './target.ts';

/** Throws ConfigurationError when there is no such stack, or it is not one of ours. */
export async function openDeployment(stack: string): Promise<Target> {
  const { tableName, runFunctionName } = await readOutputs(stack);
  const lambda = makeLambda();
  return {
    name: `the stack ${stack}`,
    store: new DynamoStore({
      client: makeDynamo(),
      table: tableName,
      clock: systemClock,
      random: systemRandom,
    }),
    async force(site, uid) {
      const forced = systemRandom.id();
      const at = Math.floor(systemClock.now() / 1000) * 1000;
      await invokeRun(lambda, runFunctionName, { site, uid, at, forced });
      return forced;
    },
    async [Symbol.asyncDispose]() {
      lambda.destroy();
    },
  };
}
