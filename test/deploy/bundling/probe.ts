/** The entry of a bundle for tests: cloudtab's adapters and a user's runner, side by side. */
export {
  makeDynamo,
  makeEventBridge,
  makeLambda,
  makeScheduler,
  makeSsm,
  makeSts,
} from '../../../lib/adapters/aws/clients.ts';
export { metricLine } from '../../../lib/adapters/aws/cron-metrics.ts';
export { DynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
export { EventBus } from '../../../lib/adapters/aws/event-bus.ts';
export { LambdaFunctions } from '../../../lib/adapters/aws/lambda-functions.ts';
export { ParameterRegistry } from '../../../lib/adapters/aws/parameter-registry.ts';
export { SchedulerQueue } from '../../../lib/adapters/aws/scheduler-queue.ts';
export { StsIdentity } from '../../../lib/adapters/aws/sts-identity.ts';
export { systemClock } from '../../../lib/adapters/system-clock.ts';
export { parseExpression } from '../../../lib/core/domain/expression.ts';
