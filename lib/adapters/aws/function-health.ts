/**
 * Checks that the Lambda functions of a deployment exist, are enabled, and are called by their rules and event source
 * mappings. It does not check permissions: a denied call fails, is logged, and raises an alarm.
 */
import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetFunctionCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import pMap from 'p-map';
import { type Finding, targetFinding } from '../../core/domain/finding.ts';
import { LAMBDAS, type LambdaName } from './environment.ts';
import { ignoring, translatingErrors } from './errors.ts';
import { TRIGGERS } from './triggers.ts';

export interface FunctionHealthParts {
  readonly lambda: LambdaClient;
  readonly events: EventBridgeClient;
  readonly functions: Readonly<Record<LambdaName, string>>;
  /** The root of the parameters. */
  readonly root: string;
}

const RESTORE = 'Restore what was deleted with a drift-aware change set of CloudFormation.';

/** Returns a finding for each problem. Throws UnavailableError when the caller lacks a permission. */
export async function examineFunctions(parts: FunctionHealthParts): Promise<Finding[]> {
  const findings = await pMap(LAMBDAS, (name) =>
    translatingErrors(`Cannot examine the function ${parts.functions[name]}`, () =>
      examineFunction(parts, name),
    ),
  );
  return findings.flat();
}

/** Without the admin function no command but `doctor` works, and the parameters are still edited. */
async function examineFunction(parts: FunctionHealthParts, name: LambdaName): Promise<Finding[]> {
  const findings = await findingsOf(parts, name);
  const meanwhile =
    `Meanwhile switch a crontab off by its parameter: aws ssm put-parameter --overwrite --name /${parts.root}/SITE/crontab ` +
    `--value '{"activated": false}'`;
  return name === 'admin'
    ? findings.map(({ fix, ...finding }) => ({ ...finding, fix: `${fix} ${meanwhile}` }))
    : findings;
}

async function findingsOf(parts: FunctionHealthParts, name: LambdaName): Promise<Finding[]> {
  const command = new GetFunctionCommand({ FunctionName: parts.functions[name] });
  const found = await ignoring(['ResourceNotFoundException'], parts.lambda.send(command));
  if (!found) return [targetFinding(`The ${name} function does not exist.`, RESTORE)];
  const { Configuration: { State, StateReason, LastUpdateStatus } = {}, Concurrency } = found;
  const findings: Finding[] = [];
  if (State !== 'Active') {
    const what = `The ${name} function is in the state ${State}${StateReason ? `: ${StateReason}` : '.'}`;
    findings.push(targetFinding(what, 'Look at it in the Lambda console, then deploy again.'));
  }
  if (LastUpdateStatus === 'Failed')
    findings.push(targetFinding(`The last update of the ${name} function failed.`, 'Deploy again.'));
  if (Concurrency?.ReservedConcurrentExecutions === 0) {
    const what = `The ${name} function does not run: its reserved concurrency is 0.`;
    findings.push(targetFinding(what, 'Raise or remove its reserved concurrency.'));
  }
  const { rules, eventSourceMappings } = TRIGGERS[name];
  const expected = rules.length + eventSourceMappings;
  const enabled = expected === 0 ? 0 : await countTriggers(parts, found.Configuration?.FunctionArn);
  if (enabled < expected) {
    const what = `${enabled} of the ${expected} triggers of the ${name} function are enabled.`;
    findings.push(targetFinding(what, `Enable the others in the Lambda console. ${RESTORE}`));
  }
  return findings;
}

/** How many rules of the default bus and event source mappings call the function and are enabled. */
async function countTriggers({ lambda, events }: FunctionHealthParts, arn?: string): Promise<number> {
  const { RuleNames = [] } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: arn }));
  const rules = await pMap(RuleNames, (Name) => events.send(new DescribeRuleCommand({ Name })));
  const mappings = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: arn }));
  return [...rules, ...(mappings.EventSourceMappings ?? [])].filter(
    ({ State = '' }) => !/^(disabled|disabling)$/i.test(State),
  ).length;
}
