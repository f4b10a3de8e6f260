/** The admin Lambda: what people see of their crontabs and do with them, behind a URL that only signed calls pass. */
import { Duration } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { CloudtabFunction } from './cloudtab-function.ts';
import type { Parts } from './parts.ts';
import type { RunFunction } from './run-function.ts';

export class AdminFunction extends CloudtabFunction<'admin'> {
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, props: Parts & { readonly run: RunFunction }) {
    const { logs, settings, table, parameters, bus, run } = props;
    super(scope, id, {
      lambda: 'admin',
      description: 'cloudtab: shows the crontabs, and changes them',
      settings: { ...settings, runFunctionArn: run.functionArn, runLogGroupName: run.lines.logGroupName },
      timeout: Duration.seconds(30),
      ...logs,
    });
    table.grantManage(this);
    parameters.grantProject(this);
    parameters.grantWrite(this);
    parameters.grantRemove(this);
    this.allow({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [run.functionArn] });
    this.url = this.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  }
}
