/** A stack with one cloudtab, and the outputs by which the command and people find its parts. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OUTPUTS } from '../aws/outputs.ts';
import { Cloudtab } from './cloudtab.ts';
import type { CloudtabProps } from './cloudtab-props.ts';

export interface CloudtabStackProps extends StackProps, CloudtabProps {}

export class CloudtabStack extends Stack {
  constructor(scope: Construct, id: string, props: CloudtabStackProps = {}) {
    super(scope, id, { description: 'cloudtab: a crontab for AWS', ...props });
    const { root, table, bus, timers, deadLetters, run, admin } = new Cloudtab(this, 'Cloudtab', props);
    const values: Record<keyof typeof OUTPUTS, string> = {
      root,
      adminUrl: admin.url.url,
      tableName: table.tableName,
      busName: bus.eventBusName,
      groupName: timers.group.scheduleGroupName,
      runFunctionName: run.functionName,
      runLogGroupName: run.lines.logGroupName,
      deadLetterQueueUrl: deadLetters.queueUrl,
    };
    for (const [name, id] of Object.entries(OUTPUTS)) {
      new CfnOutput(this, id, { value: values[name as keyof typeof OUTPUTS] });
    }
  }
}
