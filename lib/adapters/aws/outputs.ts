/**
 * The keys of the stack outputs through which the command line finds the resources of a deployment. Imports nothing, so
 * that the stack does not load the SDK, and the command line does not load the CDK.
 *
 * The first deployment in a stack has the keys as they are; each further one adds its suffix to them. No key is the
 * beginning of another one.
 */
export const OUTPUTS = {
  /** The first level of the parameters' names. */
  root: 'CloudtabRoot',
  adminUrl: 'CloudtabAdminUrl',
  tableName: 'CloudtabTableName',
  busName: 'CloudtabBusName',
  /** The schedule group that holds the timers. */
  groupName: 'CloudtabGroupName',
  registryFunctionName: 'CloudtabRegistryFunctionName',
  syncFunctionName: 'CloudtabSyncFunctionName',
  runFunctionName: 'CloudtabRunFunctionName',
  adminFunctionName: 'CloudtabAdminFunctionName',
  setupFunctionName: 'CloudtabSetupFunctionName',
  /** The log group with the output of all runs. */
  runLogGroupName: 'CloudtabRunLogGroupName',
  deadLetterQueueUrl: 'CloudtabDeadLetterQueueUrl',
  /** The KMS key that encrypts secrets. */
  secretKeyId: 'CloudtabSecretKeyId',
} as const;

export type OutputName = keyof typeof OUTPUTS;
