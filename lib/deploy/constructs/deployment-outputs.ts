/** The stack outputs by which commands and programs find the parts of a deployment. */
import { CfnOutput, Names } from 'aws-cdk-lib';
import { OUTPUTS, type OutputName } from '../../adapters/aws/outputs.ts';
import type { Cloudtab } from './cloudtab.ts';

/** Adds the outputs to the stack. `isFirst`: it has no outputs of another deployment. */
export function addOutputs(cloudtab: Cloudtab, isFirst: boolean): void {
  const { root, table, bus, timers, deadLetterQueue, runFunction, adminFunction } = cloudtab;
  const values: Record<OutputName, string> = {
    root,
    adminUrl: adminFunction.url.url,
    tableName: table.tableName,
    busName: bus.eventBusName,
    groupName: timers.group.scheduleGroupName,
    registryFunctionName: cloudtab.registryFunction.functionName,
    syncFunctionName: cloudtab.syncFunction.functionName,
    runFunctionName: runFunction.functionName,
    adminFunctionName: adminFunction.functionName,
    setupFunctionName: cloudtab.setupFunction.functionName,
    runLogGroupName: runFunction.logGroup.logGroupName,
    deadLetterQueueUrl: deadLetterQueue.queueUrl,
    secretKeyId: cloudtab.secretKeyId,
  };
  // The suffix depends on the path of the construct alone, so the keys survive changes of its properties.
  const suffix = isFirst ? '' : Names.nodeUniqueId(cloudtab.node);
  for (const [name, key] of Object.entries(OUTPUTS)) {
    const output = new CfnOutput(cloudtab, key, { value: values[name as OutputName] });
    output.overrideLogicalId(`${key}${suffix}`);
  }
}
