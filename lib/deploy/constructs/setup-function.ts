/**
 * The setup Lambda, and its run at the end of each deployment that changes the code or environment of a Lambda or a
 * profile: such a change makes a new version of it, and the trigger runs each version once. The hourly resync finds any
 * other change. When setup fails, the deployment fails with its message.
 */
import { createHash } from 'node:crypto';
import { CfnResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { writeEnvironment } from '../../adapters/aws/environment.ts';
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
  /** Constructs that must exist before setup runs. A change of a Lambda among them runs setup again. */
  readonly after: readonly Construct[];
}

// cspell:ignore AWSCDK
/** The id that the CDK gives to the construct with that Lambda, of which a stack has one. */
const TRIGGER_PROVIDER = 'AWSCDK.TriggerCustomResourceProviderCustomResourceProvider';

export class SetupFunction extends CloudtabFunction {
  constructor(scope: Construct, id: string, props: SetupFunctionProps) {
    const { table, parameters, sync, sites, timezone, codeVersion, hasProfiles, after } = props;
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
      timeout: Duration.minutes(10),
    });
    table.grantSync(this.role);
    parameters.grantProject(this.role);
    parameters.grantWrite(this.role);
    if (hasProfiles) parameters.grantRemove(this.role);
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [sync.functionArn] });
    this.addEnvironment('CLOUDTAB_DEPLOYMENT', Lazy.string({ produce: () => this.#fingerprint(after) }));
    new Trigger(this, 'Trigger', {
      handler: this,
      timeout: Duration.minutes(10),
      executeAfter: [...after, this],
    });
    this.#keepTriggerLogs(props);
  }

  /**
   * Gives the Lambda that the CDK adds for the triggers of a stack a log group that expires. By default it writes to one that
   * Lambda creates, which never expires and outlives the stack.
   */
  #keepTriggerLogs({ logRetention: retention, removalPolicy, encryptionKey }: SetupFunctionProps): void {
    const provider = Stack.of(this).node.tryFindChild(TRIGGER_PROVIDER);
    const handler = provider?.node.tryFindChild('Handler');
    if (!provider || !(handler instanceof CfnResource) || provider.node.tryFindChild('Logs')) return;
    const { logGroupName } = new LogGroup(provider, 'Logs', { retention, removalPolicy, encryptionKey });
    handler.addPropertyOverride('LoggingConfig.LogGroup', logGroupName);
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
