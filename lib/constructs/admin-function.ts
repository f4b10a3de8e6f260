/** The admin Lambda: what people see of their crontabs, behind a URL that only signed calls pass. */
import { Duration } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { CloudtabFunction } from './cloudtab-function.ts';
import type { Parts } from './parts.ts';

export class AdminFunction extends CloudtabFunction<'admin'> {
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, { logs, settings, table }: Parts) {
    super(scope, id, {
      lambda: 'admin',
      description: 'cloudtab: shows the crontabs',
      settings,
      timeout: Duration.seconds(30),
      ...logs,
    });
    table.grantSee(this);
    this.url = this.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  }
}
