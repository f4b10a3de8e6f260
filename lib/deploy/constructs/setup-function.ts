/**
 * The setup Lambda, and its run at the end of each deployment that changes the roles, a profile, or the code or environment
 * of a Lambda: these are properties of a custom resource. The hourly resync finds any other change. When setup fails, the
 * deployment fails with its message.
 */
import { createHash } from 'node:crypto';
import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
import type { Access } from './access.ts';
import { CloudtabFunction, commonEnvironment, type LambdaProps } from './cloudtab-function.ts';
import { allow } from './permission.ts';

export interface SetupFunctionProps extends LambdaProps {
  /** The sync Lambda, which resyncs every site. */
  readonly sync: IFunction;
  /** The sites that get a crontab if they have none, for example `['default', 'shop']`. */
  readonly sites: readonly string[];
  /** IANA time zone of those crontabs, for example `Europe/Paris`. */
  readonly timezone: string;
  /** Identifies the code of runs in the catalogue, for example `8f14e45fceea`. */
  readonly codeVersion: string;
  /** Whether `code` contains profiles: to apply one, the Lambda may remove crons. */
  readonly hasProfiles: boolean;
  /** Who may do what, for example `new Access(this, 'Access', { grants: [], sites: ['default'] })`. */
  readonly access: Access;
  /** Constructs that must exist before setup runs. A change of a Lambda among them runs setup again. */
  readonly after: readonly Construct[];
}

/** The limit of one run of setup. CloudFormation waits a little longer, for the report of its end. */
const TIMEOUT = Duration.minutes(10);
const SERVICE_TIMEOUT = Duration.minutes(11);

export class SetupFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: SetupFunctionProps) {
    const { table, parameters, sync, sites, timezone, codeVersion, hasProfiles, access, after } = props;
    super(scope, id, {
      ...props,
      description: 'cloudtab: prepares the sites of a deployment, and has them resynced',
      environment: writeEnvironment('setup', {
        ...commonEnvironment(props),
        syncFunctionName: sync.functionName,
        sites,
        timezone,
        codeVersion,
      }),
      timeout: TIMEOUT,
    });
    table.grantSetup(this.role);
    parameters.grantProject(this.role);
    parameters.grantWrite(this.role);
    if (hasProfiles) parameters.grantRemove(this.role);
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [sync.functionArn] });
    // A repetition after CloudFormation has given up would undo what its rollback writes.
    this.configureAsyncInvoke({ retryAttempts: 0 });
    const deployment = new CustomResource(this, 'Deployment', {
      resourceType: 'Custom::CloudtabSetup',
      serviceToken: this.functionArn,
      serviceTimeout: SERVICE_TIMEOUT,
      properties: {
        code: Lazy.string({ produce: () => this.#fingerprint([...after, this]) }),
        access: Lazy.any({ produce: () => access.grants }),
      },
    });
    deployment.node.addDependency(...after, this);
  }

  /** Changes with the code or environment of a Lambda among the constructs. */
  #fingerprint(constructs: readonly Construct[]): string {
    const functions = constructs.flatMap(({ node }) =>
      node.defaultChild instanceof CfnFunction ? [node.defaultChild] : [],
    );
    const content = functions.map(({ code, environment }) => Stack.of(this).resolve([code, environment]));
    return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  }
}
