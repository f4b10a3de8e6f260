/**
 * One of cloudtab's Lambdas: its code, its log group, and a role that may write this log and publish events. The
 * subclasses add the permissions that their Lambda needs.
 */
import { type Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type CfnFunction,
  type Code,
  Function as Lambda,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { BasicSettings, LambdaEnvironment } from '../../adapters/aws/environment.ts';
import type { EventSelection } from '../../core/domain/event.ts';
import { rootOf } from './cloudtab-props.ts';
import { grantKey } from './encryption.ts';
import { environmentProblems } from './environment-size.ts';
import type { Parameters } from './parameters.ts';
import { allow } from './permission.ts';
import type { StateTable } from './state-table.ts';

/** The props that every Lambda of cloudtab takes. */
export interface LambdaProps {
  /** A bundle whose `index` exports `handler`, for example `Code.fromAsset('bundles/run')`. */
  readonly code: Code;
  /** Holds definitions, jobs and run records. */
  readonly table: StateTable;
  /** The parameters with the crontabs, for example `new Parameters(this, 'Parameters', { root: 'cloudtab' })`. */
  readonly parameters: Parameters;
  /** How long run records are kept, for example `Duration.days(90)`. */
  readonly recordRetention: Duration;
  /** Receives the events that the Lambda publishes. */
  readonly bus: IEventBus;
  /** Which events the Lambda publishes. */
  readonly events: EventSelection;
  /** How long the log is kept, for example `RetentionDays.THREE_MONTHS`. */
  readonly logRetention: RetentionDays;
  /** Encrypts the table, the logs and the queue. Default: keys of AWS. */
  readonly encryptionKey?: IKey | undefined;
  /** What happens to the log when the stack is destroyed, for example `RemovalPolicy.RETAIN`. */
  readonly removalPolicy: RemovalPolicy;
}

/** The props of a Lambda that validates or runs crons. */
export interface LimitedLambdaProps extends LambdaProps {
  /** Names what runners may reach, for example `new Limits(this, 'Limits', { … }).limitsId`. */
  readonly limitsId: string;
}

interface CloudtabFunctionProps extends LambdaProps {
  /** One sentence for the Lambda console. */
  readonly description: string;
  /** The variables of `writeEnvironment`. */
  readonly environment: { readonly [name: string]: string };
  /** The limit of one invocation. */
  readonly timeout: Duration;
  /** The most invocations at once. Default: the concurrency of the account. */
  readonly reservedConcurrentExecutions?: number | undefined;
  /** The secrets that the Lambda may decrypt. Default: none, whatever permission its role is given. */
  readonly readsSecrets?: 'all' | 'heartbeat' | undefined;
  /** Whether the Lambda may invoke itself in a long chain. Default: AWS stops such a chain. */
  readonly recursiveLoop?: RecursiveLoop;
}

export class CloudtabFunction extends Lambda {
  declare readonly role: Role;

  constructor(scope: Construct, id: string, props: CloudtabFunctionProps) {
    const { code, description, environment, timeout, recursiveLoop, reservedConcurrentExecutions } = props;
    const { bus, parameters, logRetention: retention, removalPolicy, encryptionKey } = props;
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(scope, `${id}Logs`, { retention, removalPolicy, encryptionKey });
    if (encryptionKey) grantKey(encryptionKey, role);
    logGroup.grantWrite(role);
    if (props.readsSecrets !== 'all') parameters.denySecrets(role, props.readsSecrets === 'heartbeat');
    allow(role, { actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    super(scope, id, {
      code,
      description,
      timeout,
      memorySize: 512,
      reservedConcurrentExecutions,
      recursiveLoop,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
    });
    const lambda = this.node.defaultChild as CfnFunction;
    this.node.addValidation({ validate: () => environmentProblems(lambda) });
  }
}

/** The part of its environment that each Lambda needs. */
export function commonEnvironment(
  props: LambdaProps,
): BasicSettings & Pick<LambdaEnvironment, 'targetOption'> {
  const { table, parameters, recordRetention, bus, events } = props;
  return {
    root: parameters.root,
    targetOption: optionOf(Stack.of(parameters).stackName, parameters.root),
    tableName: table.table.tableName,
    busName: bus.eventBusName,
    events,
    retentionDays: recordRetention.toDays(),
  };
}

/** Without the root, which chooses between the deployments of a stack, where it is that of the stack. */
function optionOf(stack: string, root: string): string {
  return root === rootOf(stack) ? `--stack ${stack}` : `--stack ${stack} --root ${root}`;
}
