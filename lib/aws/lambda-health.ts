/**
 * Looks at the Lambdas of a deployment as an operator would: whether each can run, and whether its role still allows what
 * it has to do. The role may have been edited since, or a boundary or an organisation's policy may stand in the way.
 */
import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import pMap from 'p-map';
import type { Fault } from '../places/place.ts';
import { LAMBDAS, type LambdaName } from './environment.ts';
import { asking } from './errors.ts';
import { type Resources, type Right, rightsOf, timerRights } from './rights.ts';
import type { RunSettings } from './run-settings.ts';

export interface HealthParts {
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  /** The function of each Lambda. */
  readonly functions: Readonly<Record<LambdaName, string>>;
  readonly settings: RunSettings;
}

/** IAM answers few such questions at once. */
const AT_ONCE = 4;

const DEPLOY = 'Deploy again; the Lambda console says more.';

/** All that is wrong. Throws UnavailableError when the caller may not ask. */
export async function examineLambdas(parts: HealthParts): Promise<Fault[]> {
  const { settings, iam } = parts;
  const resources = resourcesOf(settings);
  const theirs = await pMap(LAMBDAS, (lambda) => examineLambda(parts, lambda, resources), {
    concurrency: AT_ONCE,
  });
  const role = settings.schedulerRoleArn;
  const timers = await missing(iam, role, timerRights(resources));
  return [...theirs.flat(), ...denied('EventBridge Scheduler', role, timers)];
}

async function examineLambda(
  { lambda, iam, functions, settings }: HealthParts,
  name: LambdaName,
  resources: Resources,
): Promise<Fault[]> {
  const FunctionName = functions[name];
  const {
    Role = '',
    State,
    StateReason,
    LastUpdateStatus,
    LoggingConfig,
  } = await asking(`Cannot read the configuration of the function ${FunctionName}`, () =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
  );
  const faults: Fault[] = [];
  if (State === 'Failed')
    faults.push({ what: `The ${name} function cannot run: ${StateReason ?? State}.`, cure: DEPLOY });
  if (LastUpdateStatus === 'Failed')
    faults.push({ what: `The last update of the ${name} function failed.`, cure: DEPLOY });
  const rights = rightsOf(
    name,
    settings,
    resources,
    LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
  );
  return [...faults, ...denied(`The ${name} function`, Role, await missing(iam, Role, rights))];
}

/** Those of the rights that the role has not, each as `action on resource`. */
async function missing(iam: IAMClient, role: string, rights: readonly Right[]): Promise<string[]> {
  const answers = await pMap(rights, (right) => refused(iam, role, right), { concurrency: AT_ONCE });
  return answers.flat();
}

async function refused(iam: IAMClient, role: string, { actions, resource }: Right): Promise<string[]> {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: role,
    ActionNames: [...actions],
    ResourceArns: [resource],
    ContextEntries: [
      {
        ContextKeyName: 'iam:PassedToService',
        ContextKeyType: 'string',
        ContextKeyValues: ['scheduler.amazonaws.com'],
      },
    ],
  });
  const { EvaluationResults = [] } = await asking(`Cannot ask what ${role} may do`, () => iam.send(command));
  return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').map(
    ({ EvalActionName, EvalDecision }) =>
      `${EvalActionName} on ${resource}${EvalDecision === 'explicitDeny' ? ' (a policy denies it)' : ''}`,
  );
}

function denied(who: string, role: string, rights: readonly string[]): Fault[] {
  if (rights.length === 0) return [];
  return [
    {
      what: `${who} may not do what it has to: ${rights.join(', ')}.`,
      cure: `Deploy again, or give the role ${role} back what is missing. If it stays, look for a boundary or an organisation's policy.`,
    },
  ];
}

/** The run function's own ARN says where the deployment is. */
function resourcesOf(settings: RunSettings): Resources {
  const { runFunctionArn, tableName, busName, schedulerRoleArn, deadLetterQueueArn } = settings;
  const [, partition, , region, account] = runFunctionArn.split(':');
  const arn = (service: string, name: string, where = region) =>
    `arn:${partition}:${service}:${where}:${account}:${name}`;
  return {
    table: arn('dynamodb', `table/${tableName}`),
    bus: arn('events', `event-bus/${busName}`),
    run: runFunctionArn,
    timersRole: schedulerRoleArn,
    deadLetters: deadLetterQueueArn,
    timers: (group) => arn('scheduler', `schedule/${group}/*`),
    parameters: (names) => arn('ssm', `parameter/${names}`),
    functions: (names) => arn('lambda', `function:${names}`),
    roles: (names) => arn('iam', `role/${names}`, ''),
    lines: (group) => arn('logs', `log-group:${group}:*`),
  };
}
