/**
 * The names of the stack outputs through which the command line finds the resources of a deployment. Imports nothing,
 * so that the stack does not load the SDK, and the command line does not load the CDK.
 */
export const OUTPUTS = {
  /** The first level of the parameters' names. */
  root: 'Root',
  adminUrl: 'AdminUrl',
  tableName: 'TableName',
  busName: 'BusName',
  /** The schedule group that holds the timers. */
  groupName: 'GroupName',
  registryFunctionName: 'RegistryFunctionName',
  syncFunctionName: 'SyncFunctionName',
  runFunctionName: 'RunFunctionName',
  adminFunctionName: 'AdminFunctionName',
  setupFunctionName: 'SetupFunctionName',
  /** The log group with the output of all runs. */
  runLogGroupName: 'RunLogGroupName',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
} as const;

export type OutputName = keyof typeof OUTPUTS;
