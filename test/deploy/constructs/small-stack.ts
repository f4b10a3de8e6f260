/** A small stack in which a test builds one construct alone, and what the test reads from it. */
import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Code, type Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct, IConstruct } from 'constructs';
import type { LimitedLambdaProps } from '../../../lib/deploy/constructs/cloudtab-function.ts';
import { DeadLetterQueue } from '../../../lib/deploy/constructs/dead-letter-queue.ts';
import { Metrics } from '../../../lib/deploy/constructs/metrics.ts';
import { Parameters } from '../../../lib/deploy/constructs/parameters.ts';
import type { RunFunctionProps } from '../../../lib/deploy/constructs/run-function.ts';
import { StateTable } from '../../../lib/deploy/constructs/state-table.ts';
import { Timers } from '../../../lib/deploy/constructs/timers.ts';

export function smallStack(): Stack {
  return new Stack(new App(), 'Test');
}

/** The props that every Lambda takes. The code is inline, so that no test waits for a bundle. */
export function lambdaProps(stack: Stack): LimitedLambdaProps {
  return {
    code: Code.fromInline('export function handler() {}'),
    table: new StateTable(stack, 'Table', { removalPolicy: RemovalPolicy.DESTROY }),
    parameters: new Parameters(stack, 'Parameters', { root: 'cloudtab' }),
    recordRetention: Duration.days(90),
    bus: new EventBus(stack, 'Bus'),
    events: 'all',
    limitsId: 'limits-1',
    logRetention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  };
}

/** The props of a run Lambda. */
export function runProps(stack: Stack): RunFunctionProps {
  return {
    ...lambdaProps(stack),
    ...timersWithDeadLetters(stack),
    limits: {},
    cronMetrics: false,
    sweepEvery: Duration.minutes(5),
    codeVersion: 'code-1',
  };
}

export function timersWithDeadLetters(stack: Stack) {
  const deadLetters = new DeadLetterQueue(stack, 'DeadLetters');
  return { deadLetters, timers: new Timers(stack, 'Timers', { deadLetters }) };
}

/** The metrics of five log groups, one for each Lambda. */
export function newMetrics(stack: Stack): Metrics {
  const lambda = (id: string) => ({ logGroup: new LogGroup(stack, id) });
  return new Metrics(stack, 'Metrics', {
    namespace: 'cloudtab/test',
    lambdas: {
      registry: lambda('Registry'),
      run: lambda('Run'),
      sync: lambda('Sync'),
      admin: lambda('Admin'),
      setup: lambda('Setup'),
    },
  });
}

export function templateOf(construct: Construct): Template {
  return Template.fromStack(Stack.of(construct));
}

export function logicalId(construct: IConstruct): string {
  const resource = construct.node.defaultChild ?? construct;
  return Stack.of(construct).resolve(Stack.of(construct).getLogicalId(resource as never));
}

/** The permissions of the role, sorted: a line for each action and resource, with its condition; a denial begins with `Deny`. */
export function permissionsOf(role: Role): string[] {
  const policies = templateOf(role).findResources('AWS::IAM::Policy', {
    Properties: { Roles: [{ Ref: logicalId(role) }] },
  });
  const statements = Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return statements
    .flatMap(({ Effect, Action, Resource, Condition }) => {
      const denied = Effect === 'Deny' ? 'Deny ' : '';
      const condition = Condition ? ` if ${JSON.stringify(Condition)}` : '';
      return [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => `${denied}${action} ${short(resource)}${condition}`),
        );
    })
    .sort();
}

/** The reasons that the construct gives to cdk-nag, by the rule that it violates. */
export function acknowledgedBy({ node }: IConstruct): Record<string, string> {
  const acknowledged = node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data));
  return Object.fromEntries(
    acknowledged.map(([rule, reason]) => [rule.replace(/^Annotation::/, ''), reason]),
  );
}

/** The reasons that the role gives to cdk-nag for its wildcards, by resource. */
export function reasonsOf(role: Role): Record<string, string> {
  return Object.fromEntries(
    Object.entries(acknowledgedBy(role)).map(([rule, reason]) => [
      short(rule.replace(/^AwsSolutions-IAM5\[Resource::(.*)\]$/, '$1')),
      reason,
    ]),
  );
}

/** The permissions with a wildcard for which the role gives no reason. */
export function unexplainedWildcards(role: Role): string[] {
  const reasons = reasonsOf(role);
  return permissionsOf(role).filter((permission) => {
    if (permission.startsWith('Deny ')) return false;
    const [, resource = ''] = permission.split(' ');
    return resource.includes('*') && !reasons[resource];
  });
}

/** The environment variables of the Lambda; references are written as in a permission. */
export function environmentOf(lambda: Lambda): Record<string, string> {
  const { Variables } =
    templateOf(lambda).findResources('AWS::Lambda::Function')[logicalId(lambda)]?.Properties.Environment ??
    {};
  return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, short(value)]));
}

/** An ARN without partition, region and account; references are `<Id>` or `<Id.Attribute>` without their hash. */
function short(value: unknown): string {
  return flat(value)
    .replace(/^arn:<AWS::Partition>:/, '')
    .replace(/<AWS::(Region|AccountId)>/g, '')
    .replace(/<(\w+?)[0-9A-F]{8}\b/g, '<$1')
    .replace(/\bTest-Timers-Group\d+-\w+/, '<group>');
}

function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, content] = ['', '']] = Object.entries(value ?? {});
  if (kind === 'Ref') return `<${content}>`;
  if (kind === 'Fn::GetAtt') return `<${content.join('.')}>`;
  return content[1].map(flat).join('');
}
