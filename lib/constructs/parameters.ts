/** What a Lambda may do with the parameters under the root. They are a person's: the stack makes and removes none. */
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { CloudtabFunction } from './cloudtab-function.ts';

export interface ParametersProps {
  /** The first level of the parameters' names. */
  readonly root: string;
}

const WILDCARD = 'A person makes parameters of any name under the root of this deployment.';

export class Parameters extends Construct {
  readonly #root: string;
  readonly #below: string;

  constructor(scope: Construct, id: string, props: ParametersProps) {
    super(scope, id);
    const arn = (resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    this.#root = arn(props.root);
    this.#below = arn(`${props.root}/*`);
  }

  /** Lets the Lambda read a parameter, and mark a version of it as rejected. */
  grantProject(lambda: CloudtabFunction): void {
    const actions = ['ssm:GetParameter', 'ssm:LabelParameterVersion', 'ssm:UnlabelParameterVersion'];
    lambda.allow({ actions, resources: [this.#below], wildcard: WILDCARD });
  }

  /** Lets the Lambda read a parameter, a secret one too. */
  grantRead(lambda: CloudtabFunction): void {
    lambda.allow({ actions: ['ssm:GetParameter'], resources: [this.#below], wildcard: WILDCARD });
  }

  /** Lets the Lambda read all parameters. */
  grantList(lambda: CloudtabFunction): void {
    const actions = ['ssm:GetParametersByPath'];
    lambda.allow({ actions, resources: [this.#root, this.#below], wildcard: WILDCARD });
  }

  /** Lets the Lambda make and replace parameters. */
  grantWrite(lambda: CloudtabFunction): void {
    lambda.allow({ actions: ['ssm:PutParameter'], resources: [this.#below], wildcard: WILDCARD });
  }
}
