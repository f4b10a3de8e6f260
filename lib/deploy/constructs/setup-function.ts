/**
 * The setup Lambda. It handles the first and the last resource of a deployment: what runners may reach (limits.ts), and the run
 * of setup (deployment.ts). So it depends on no other Lambda.
 */
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import { CloudtabFunction, commonEnvironment, type LambdaProps } from './cloudtab-function.ts';

export interface SetupFunctionProps extends LambdaProps {
  /** IANA time zone of the crontabs that it creates, for example `Europe/Paris`. */
  readonly timezone: string;
  /** Identifies the code of runs in the catalogue, for example `8f14e45fceea`. */
  readonly codeVersion: string;
  /** Whether `code` contains profiles: to apply one, the Lambda may remove crons. */
  readonly hasProfiles: boolean;
}

export class SetupFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: SetupFunctionProps) {
    const { table, parameters, timezone, codeVersion, hasProfiles } = props;
    super(scope, id, {
      ...props,
      description: 'cloudtab: prepares the sites of a deployment, and has them resynced',
      environment: writeEnvironment('setup', { ...commonEnvironment(props), timezone, codeVersion }),
      timeout: Duration.minutes(10),
    });
    table.grantSetup(this.role);
    parameters.grantProject(this.role);
    parameters.grantWrite(this.role);
    if (hasProfiles) parameters.grantRemove(this.role);
    // A repetition after CloudFormation has given up would undo what its rollback writes.
    this.configureAsyncInvoke({ retryAttempts: 0 });
  }
}
