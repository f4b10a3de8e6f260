/** The entry of a bundle for tests: cloudtab's adapters and a user's runner, side by side. */
export {
  makeDynamo,
  makeEventBridge,
  makeLambda,
  makeScheduler,
  makeSsm,
  makeSts,
} from '../../lib/aws/clients.ts';
export { DynamoTable } from '../../lib/aws/dynamo-table.ts';
export { EventBus } from '../../lib/aws/event-bus.ts';
export { LambdaFunctions } from '../../lib/aws/lambda-functions.ts';
export { ParameterRegistry } from '../../lib/aws/parameter-registry.ts';
export { SchedulerQueue } from '../../lib/aws/scheduler-queue.ts';
export { StsIdentity } from '../../lib/aws/sts-identity.ts';
export { parseExpression } from '../../lib/domain/expression.ts';
export { systemClock } from '../../lib/system/clock.ts';
