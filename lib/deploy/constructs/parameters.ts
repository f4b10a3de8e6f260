/** Permissions on the parameters below the root. They are user data: the stack creates and deletes none of them. */
import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HEARTBEAT_SECRET, OWN_SECRETS, secretsRoot } from '../../core/domain/names.ts';
import { allow } from './permission.ts';

export interface ParametersProps {
  /** The first level of the parameter names, for example `cloudtab` for `/cloudtab/<site>/crons/<uid>`. */
  readonly root: string;
}

const WILDCARD = 'Users create sites, crons and secrets of any name below the root of this deployment.';
const ALL_NAMES =
  'ssm:DescribeParameters cannot be limited to some parameters. It returns names and other metadata, and no value.';

export class Parameters extends Construct {
  readonly root: string;
  readonly #all: readonly string[];
  readonly #crontabs: readonly string[];
  readonly #secrets: readonly string[];
  readonly #heartbeat: string;

  constructor(scope: Construct, id: string, { root }: ParametersProps) {
    super(scope, id);
    const arn = (resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    this.root = root;
    this.#all = [arn(root), arn(`${root}/*`)];
    this.#crontabs = [arn(`${root}/*/crontab`), arn(`${root}/*/crons/*`)];
    this.#secrets = [arn(`${secretsRoot(root)}/*`)];
    this.#heartbeat = arn(`${secretsRoot(root)}/${OWN_SECRETS}/${HEARTBEAT_SECRET}`);
  }

  /** Lets the role read crontabs and crons, and label a rejected version. */
  grantProject(role: Role): void {
    const actions = [
      'ssm:GetParameter',
      'ssm:GetParameterHistory',
      'ssm:LabelParameterVersion',
      'ssm:UnlabelParameterVersion',
    ];
    allow(role, { actions, resources: this.#crontabs, wildcard: WILDCARD });
  }

  /** Lets the role list all parameters. */
  grantList(role: Role): void {
    allow(role, { actions: ['ssm:GetParametersByPath'], resources: this.#all, wildcard: WILDCARD });
  }

  /** Lets the role read secrets. */
  grantSecrets(role: Role): void {
    allow(role, { actions: ['ssm:GetParameter'], resources: this.#secrets, wildcard: WILDCARD });
  }

  /** Lets the role list the names of secrets, which has to include those of all other parameters, without any value. */
  grantNames(role: Role): void {
    allow(role, { actions: ['ssm:DescribeParameters'], resources: ['*'], wildcard: ALL_NAMES });
  }

  /** Lets the role read the URL of the heartbeat, and no other secret. */
  grantHeartbeat(role: Role): void {
    allow(role, { actions: ['ssm:GetParameter'], resources: [this.#heartbeat] });
  }

  /**
   * Keeps the role from decrypting a secret, whatever key encrypts it, and whatever permission the role is given. With
   * `butHeartbeat` except the URL of the heartbeat.
   */
  denySecrets(role: Role, butHeartbeat = false): void {
    // Parameter Store decrypts a parameter with its ARN as the context. Without one, a negated condition is met.
    const context = { StringNotEquals: { 'kms:EncryptionContext:PARAMETER_ARN': this.#heartbeat } };
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: { StringLike: { 'kms:ViaService': 'ssm.*' }, ...(butHeartbeat && context) },
      }),
    );
  }

  /** Lets the role create and replace crontabs and crons. */
  grantWrite(role: Role): void {
    allow(role, { actions: ['ssm:PutParameter'], resources: this.#crontabs, wildcard: WILDCARD });
  }

  /** Lets the role delete crontabs and crons. */
  grantRemove(role: Role): void {
    allow(role, { actions: ['ssm:DeleteParameter'], resources: this.#crontabs, wildcard: WILDCARD });
  }
}
