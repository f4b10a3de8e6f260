/** What a Lambda may do with the parameters under the root. They are a person's: the stack makes and removes none. */
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { CloudtabFunction } from './cloudtab-function.ts';

export interface ParametersProps {
  /** The first level of the parameters' names. */
  readonly root: string;
}

const WILDCARD = 'A person makes sites, crons and secrets of any name under the root of this deployment.';

export class Parameters extends Construct {
  readonly #root: string;
  readonly #all: string;
  readonly #crontabs: readonly string[];
  readonly #secrets: string;

  constructor(scope: Construct, id: string, { root }: ParametersProps) {
    super(scope, id);
    const arn = (resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    this.#root = arn(root);
    this.#all = arn(`${root}/*`);
    this.#crontabs = [arn(`${root}/*/crontab`), arn(`${root}/*/crons/*`)];
    this.#secrets = arn(`${root}/*/secrets/*`);
  }

  /** Lets the Lambda read crontabs and crons, and mark a version as rejected. */
  grantProject(lambda: CloudtabFunction): void {
    const actions = [
      'ssm:GetParameter',
      'ssm:GetParameterHistory',
      'ssm:LabelParameterVersion',
      'ssm:UnlabelParameterVersion',
    ];
    lambda.allow({ actions, resources: this.#crontabs, wildcard: WILDCARD });
  }

  /** Lets the Lambda list all parameters. */
  grantList(lambda: CloudtabFunction): void {
    const actions = ['ssm:GetParametersByPath'];
    lambda.allow({ actions, resources: [this.#root, this.#all], wildcard: WILDCARD });
  }

  /** Lets the Lambda make and replace crontabs and crons. */
  grantWrite(lambda: CloudtabFunction): void {
    lambda.allow({ actions: ['ssm:PutParameter'], resources: this.#crontabs, wildcard: WILDCARD });
  }

  /** Lets the Lambda remove crontabs and crons. */
  grantRemove(lambda: CloudtabFunction): void {
    lambda.allow({ actions: ['ssm:DeleteParameter'], resources: this.#crontabs, wildcard: WILDCARD });
  }

  /** Lets the Lambda read secrets. */
  grantSecrets(lambda: CloudtabFunction): void {
    lambda.allow({ actions: ['ssm:GetParameter'], resources: [this.#secrets], wildcard: WILDCARD });
  }
}
