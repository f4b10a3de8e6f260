/** One of cloudtab's Lambdas: its bundle, a role that may do nothing but write its own log, and that log. */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as Lambda,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import {
  type LambdaEnvironmentOf,
  type LambdaName,
  writeEnvironment,
} from '../../adapters/aws/environment.ts';
import { bundled } from './bundled.ts';
import { type Permission, permit } from './permission.ts';

export interface CloudtabFunctionProps<Name extends LambdaName> {
  /** Which Lambda: its file and its environment are found under this name. */
  readonly lambda: Name;
  /** One sentence for the console. */
  readonly description: string;
  /** What its environment tells it. */
  readonly settings: LambdaEnvironmentOf<Name>;
  /** How long one invocation may take. */
  readonly timeout: Duration;
  /** Memory in MB, which also decides the share of a processor. Default: 512. */
  readonly memorySize?: number;
  /** Whether it may invoke itself in a long chain. Default: Lambda stops such a chain. */
  readonly recursiveLoop?: RecursiveLoop;
  /** Files beside its code: texts by name. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** How long its log lines are kept. */
  readonly logRetention: RetentionDays;
  /** What becomes of its log lines when the stack is destroyed. */
  readonly removalPolicy: RemovalPolicy;
}

export class CloudtabFunction<Name extends LambdaName = LambdaName> extends Lambda {
  /** Its log group. */
  readonly lines: LogGroup;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: CloudtabFunctionProps<Name>) {
    const { lambda, settings, files, logRetention, removalPolicy, ...rest } = props;
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const lines = new LogGroup(scope, `${id}Logs`, { retention: logRetention, removalPolicy });
    lines.grantWrite(role);
    super(scope, id, {
      memorySize: 512,
      ...rest,
      role,
      logGroup: lines,
      loggingFormat: LoggingFormat.JSON,
      code: bundled(scope, lambda, files),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      environment: { ...writeEnvironment(lambda, settings), NODE_OPTIONS: '--enable-source-maps' },
    });
    this.lines = lines;
    this.#role = role;
  }

  /** Lets the Lambda do something more. */
  allow(permission: Permission): void {
    permit(this.#role, permission);
  }
}
