/**
 * The run of setup at the end of each deployment that changes the sites, the limits, the roles, a profile, or the code or
 * environment of a Lambda: these are properties of a custom resource. The hourly resync finds any other change. When setup
 * fails, the deployment fails with its message.
 */
import { hash } from 'node:crypto';
import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RESOURCE_TYPES } from '../../adapters/aws/custom-resource.ts';
import type { Access } from './access.ts';
import type { SetupFunction } from './setup-function.ts';

export interface DeploymentProps {
  readonly setup: SetupFunction;
  /** The sync Lambda, which resyncs every site. */
  readonly sync: IFunction;
  /** The sites that get a crontab if they have none, for example `['default', 'shop']`. */
  readonly sites: readonly string[];
  /** Names what runners may reach, for example `new Limits(this, 'Limits', { … }).limitsId`. */
  readonly limitsId: string;
  /** Who may do what, for example `new Access(this, 'Access', { grants: [], sites: ['default'] })`. */
  readonly access: Access;
  /** Constructs that must exist before setup runs. A change of a Lambda among them runs setup again. */
  readonly after: readonly Construct[];
}

export class Deployment extends Construct {
  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id);
    const { setup, sync, sites, limitsId, access, after } = props;
    // In a policy of its own: setup exists before the sync Lambda, and depends on the default policy of its role.
    const statement = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [sync.functionArn],
    });
    const resync = new Policy(this, 'Resync', { statements: [statement], roles: [setup.role] });
    const resource = new CustomResource(this, 'Resource', {
      resourceType: RESOURCE_TYPES.setup,
      serviceToken: setup.functionArn,
      // A little longer than setup may take.
      serviceTimeout: Duration.minutes(11),
      properties: {
        code: Lazy.string({ produce: () => this.#fingerprint([...after, setup]) }),
        sites,
        limitsId,
        access: Lazy.any({ produce: () => access.grants }),
        syncFunctionName: sync.functionName,
      },
    });
    resource.node.addDependency(...after, setup, resync);
  }

  /** Changes with the code or environment of a Lambda among the constructs. */
  #fingerprint(constructs: readonly Construct[]): string {
    const functions = constructs.flatMap(({ node }) =>
      node.defaultChild instanceof CfnFunction ? [node.defaultChild] : [],
    );
    const content = functions.map(({ code, environment }) => Stack.of(this).resolve([code, environment]));
    return hash('sha256', JSON.stringify(content)).slice(0, 16);
  }
}
