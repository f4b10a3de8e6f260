/** The admin Lambda: dashboard and API behind a URL that accepts only signed requests. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType, type Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import { version } from '../../adapters/version.ts';
import { CloudtabFunction, commonEnvironment, type LimitedLambdaProps } from './cloudtab-function.ts';
import { allow } from './permission.ts';

export interface AdminFunctionProps extends LimitedLambdaProps {
  /** The run Lambda, which a forced run is delivered to and whose log holds the output of runs. */
  readonly run: Lambda;
}

export class AdminFunction extends CloudtabFunction {
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, props: AdminFunctionProps) {
    const { table, parameters, run } = props;
    super(scope, id, {
      ...props,
      description: 'cloudtab: serves the dashboard and the API',
      environment: writeEnvironment('admin', {
        ...commonEnvironment(props),
        limitsId: props.limitsId,
        runFunctionArn: run.functionArn,
        runLogGroupName: run.logGroup.logGroupName,
        version: version(),
      }),
      timeout: Duration.seconds(30),
    });
    table.grantManage(this.role);
    parameters.grantProject(this.role);
    parameters.grantWrite(this.role);
    parameters.grantRemove(this.role);
    parameters.grantNames(this.role);
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [run.functionArn] });
    // AWS checks this action on the group with its streams, and its documentation also names the group alone.
    const { logGroupArn, logGroupName } = run.logGroup;
    const group = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    allow(this.role, { actions: ['logs:FilterLogEvents'], resources: [logGroupArn, group] });
    this.url = this.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  }
}
