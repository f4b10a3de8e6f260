/**
 * What each Lambda, and the role of the timers, has to be allowed, for whoever looks whether it still is. The grants
 * themselves are in lib/constructs; a test holds both against each other.
 */
import type { LambdaName, Settings } from './environment.ts';
import { BY_DUE, BY_SITE } from './table.ts';

/** Actions on one resource, an ARN in which names that people choose are `*`. */
export interface Right {
  readonly actions: readonly string[];
  readonly resource: string;
}

/** The ARNs of a deployment's parts, and how those of other things are made. */
export interface Resources {
  readonly table: string;
  readonly bus: string;
  readonly run: string;
  readonly timersRole: string;
  readonly deadLetters: string;
  readonly timers: (group: string) => string;
  readonly parameters: (names: string) => string;
  readonly functions: (names: string) => string;
  readonly roles: (names: string) => string;
  readonly lines: (logGroup: string) => string;
}

type Deployed = Pick<Settings, 'root' | 'groupName' | 'allowedFunctions' | 'allowedUsers'>;

/**
 * What the role of that Lambda needs, but for reading the stream of the table. `logGroup` is where its lines go.
 */
export function rightsOf(
  lambda: LambdaName,
  settings: Deployed,
  resources: Resources,
  logGroup: string,
): Right[] {
  const write = {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: resources.lines(logGroup),
  };
  return [write, ...workOf(lambda, settings, resources)];
}

function workOf(lambda: LambdaName, settings: Deployed, resources: Resources): Right[] {
  const { table, bus, run, deadLetters } = resources;
  const tell = { actions: ['events:PutEvents'], resource: bus };
  const leave = { actions: ['sqs:SendMessage'], resource: deadLetters };
  const invoke = { actions: ['lambda:InvokeFunction'], resource: run };
  const restoring = [
    onTable(table, 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
    ...querying(table),
    ...projecting(settings, resources),
    ...listing(settings, resources),
    ...arming(settings, resources),
    tell,
    invoke,
  ];
  switch (lambda) {
    case 'registry':
      return [onTable(table, 'GetItem', 'PutItem'), ...projecting(settings, resources), tell, leave];
    case 'run':
      return [
        onTable(table, 'BatchGetItem', 'PutItem'),
        ...arming(settings, resources),
        ...running(settings, resources),
        tell,
        leave,
        invoke,
      ];
    case 'sync':
      return [...restoring, leave];
    case 'admin':
      return [
        onTable(table, 'BatchGetItem', 'GetItem', 'PutItem'),
        ...querying(table),
        ...projecting(settings, resources),
        ...onCrontabs(settings, resources, 'PutParameter', 'DeleteParameter'),
        tell,
        invoke,
      ];
    case 'setup':
      return [...restoring, ...onCrontabs(settings, resources, 'PutParameter')];
  }
}

/** What EventBridge Scheduler needs when a timer fires. */
export function timerRights({ run, deadLetters }: Resources): Right[] {
  return [
    { actions: ['lambda:InvokeFunction'], resource: run },
    { actions: ['sqs:SendMessage'], resource: deadLetters },
  ];
}

function onTable(table: string, ...operations: string[]): Right {
  return { actions: operations.map((operation) => `dynamodb:${operation}`), resource: table };
}

function querying(table: string): Right[] {
  const indexes = [BY_SITE, BY_DUE].map(({ name }) => `${table}/index/${name}`);
  return [table, ...indexes].map((resource) => onTable(resource, 'Query'));
}

function projecting(settings: Deployed, resources: Resources): Right[] {
  const operations = [
    'GetParameter',
    'GetParameterHistory',
    'LabelParameterVersion',
    'UnlabelParameterVersion',
  ];
  return onCrontabs(settings, resources, ...operations);
}

function onCrontabs({ root }: Deployed, { parameters }: Resources, ...operations: string[]): Right[] {
  const actions = operations.map((operation) => `ssm:${operation}`);
  return [`${root}/*/crontab`, `${root}/*/crons/*`].map((names) => ({
    actions,
    resource: parameters(names),
  }));
}

function listing({ root }: Deployed, { parameters }: Resources): Right[] {
  return [root, `${root}/*`].map((names) => ({
    actions: ['ssm:GetParametersByPath'],
    resource: parameters(names),
  }));
}

function arming({ groupName }: Deployed, { timers, timersRole }: Resources): Right[] {
  return [
    { actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'], resource: timers(groupName) },
    { actions: ['scheduler:ListSchedules'], resource: timers('*') },
    { actions: ['iam:PassRole'], resource: timersRole },
  ];
}

function running(
  { root, allowedFunctions, allowedUsers }: Deployed,
  { parameters, functions, roles }: Resources,
): Right[] {
  return [
    { actions: ['ssm:GetParameter'], resource: parameters(`${root}/*/secrets/*`) },
    ...allowedFunctions.map((names) => ({ actions: ['lambda:InvokeFunction'], resource: functions(names) })),
    ...allowedUsers.map((names) => ({
      actions: ['sts:AssumeRole'],
      resource: names.startsWith('arn:') ? names : roles(names),
    })),
  ];
}
