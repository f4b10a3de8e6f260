/**
 * The setup Lambda, and its run at the end of each deployment that changes one of the Lambdas, their settings or a
 * profile: such a change makes a new version of it, and the trigger runs each version once. What else changes is found by the hourly
 * restore. A setup that fails fails the deployment, with its message.
 */
import { createHash } from 'node:crypto';
import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { PROFILES_FILE } from '../../adapters/aws/profiles-file.ts';
import { profilesText } from '../../app/profiles/deployed-profiles.ts';
import { allowRestore, type RestoreParts } from './allow-restore.ts';
import { CloudtabFunction } from './cloudtab-function.ts';
import { deployedProfiles } from './profile-files.ts';

export interface SetupFunctionProps extends RestoreParts {
  /** What has to stand before it runs; a change of the Lambdas among it makes it run again. */
  readonly after: readonly Construct[];
}

export class SetupFunction extends CloudtabFunction<'setup'> {
  constructor(scope: Construct, id: string, props: SetupFunctionProps) {
    const { choices, logs, settings, parameters, run, after } = props;
    const profiles = deployedProfiles(scope, choices.profiles);
    const hasProfiles = Object.keys(profiles).length > 0;
    super(scope, id, {
      lambda: 'setup',
      description: 'cloudtab: makes ready what a deployment needs, and restores every site',
      settings: { ...settings, runFunctionArn: run.functionArn },
      timeout: Duration.minutes(10),
      ...(hasProfiles && { files: { [PROFILES_FILE]: profilesText(profiles) } }),
      ...logs,
    });
    allowRestore(this, props);
    parameters.grantWrite(this);
    if (hasProfiles) parameters.grantRemove(this);
    this.addEnvironment('CLOUDTAB_DEPLOYMENT', Lazy.string({ produce: () => this.#fingerprint(after) }));
    new Trigger(this, 'Trigger', {
      handler: this,
      timeout: Duration.minutes(10),
      executeAfter: [...after, this],
    });
  }

  /** Changes when the bundle or the environment of one of the Lambdas does. */
  #fingerprint(parts: readonly Construct[]): string {
    const functions = parts.flatMap(({ node }) =>
      node.defaultChild instanceof CfnFunction ? [node.defaultChild] : [],
    );
    const content = functions.map(({ code, environment }) => Stack.of(this).resolve([code, environment]));
    return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  }
}
