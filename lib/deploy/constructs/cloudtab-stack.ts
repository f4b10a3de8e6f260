/** A stack with one cloudtab, and the outputs by which the command and users find its parts. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OUTPUTS, type OutputName } from '../../adapters/aws/outputs.ts';
import { Cloudtab } from './cloudtab.ts';
import type { CloudtabProps } from './cloudtab-props.ts';

export interface CloudtabStackProps extends StackProps, CloudtabProps {}

export class CloudtabStack extends Stack {
  constructor(scope: Construct, id: string, props: CloudtabStackProps = {}) {
    super(scope, id, { description: 'cloudtab: a crontab for AWS', ...props });
    const cloudtab = new Cloudtab(this, 'Cloudtab', props);
    const { root, table, bus, timers, deadLetters, run, admin } = cloudtab;
    const values: Record<OutputName, string> = {
      root,
      adminUrl: admin.url.url,
      tableName: table.tableName,
      busName: bus.eventBusName,
      groupName: timers.group.scheduleGroupName,
      registryFunctionName: cloudtab.registry.functionName,
      syncFunctionName: cloudtab.sync.functionName,
      runFunctionName: run.functionName,
      adminFunctionName: admin.functionName,
      setupFunctionName: cloudtab.setup.functionName,
      runLogGroupName: run.logGroup.logGroupName,
      deadLetterQueueUrl: deadLetters.queueUrl,
    };
    for (const [name, id] of Object.entries(OUTPUTS)) {
      new CfnOutput(this, id, { value: values[name as OutputName] });
    }
  }
}
