import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CloudtabStack } from '../../../lib/deploy/constructs/cloudtab-stack.ts';

const template = Template.fromStack(
  new CloudtabStack(new App(), 'Test', {
    allowedFunctions: ['report', 'export-*'],
    allowedUsers: ['cron-*', 'arn:aws:iam::123456789012:role/one'],
  }),
);

const LAMBDAS = ['Registry', 'Run', 'Sync', 'Admin', 'Setup'] as const;
type Lambda = (typeof LAMBDAS)[number];

/** The logical id of the resource of that type whose id starts with `start`. */
function idOf(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) =>
    new RegExp(`^${start}[0-9A-F]{8}`).test(id),
  );
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

/** The actions of the Lambda's policies with their resources, in a short form. */
function permissionsOf(lambda: Lambda): string[] {
  const role = idOf('AWS::IAM::Role', `Cloudtab${lambda}Role`);
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role),
  );
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} ${short(resource)}`)),
    )
    .sort();
}

/** An ARN without partition, region and account, in which each logical id is shortened to the name of its construct. */
function short(value: unknown): string {
  const text = flat(value);
  return text
    .replace(/^arn:<AWS::Partition>:/, '')
    .replace(/<AWS::(Region|AccountId)>/g, '')
    .replace(/Cloudtab(\w+?)[0-9A-F]{8}/g, '$1')
    .replace(/schedule\/Test-Cloudtab-Timers-Group-\w+/, 'schedule/<group>');
}

function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, content] = ['', '']] = Object.entries(value ?? {});
  if (kind === 'Ref') return `<${content}>`;
  if (kind === 'Fn::GetAtt') return `<${content.join('.')}>`;
  return content[1].map(flat).join('');
}

const OWN_LOG = (lambda: Lambda) => [
  `logs:CreateLogStream <${lambda}Logs.Arn>`,
  `logs:PutLogEvents <${lambda}Logs.Arn>`,
];
const DEAD_LETTERS = ['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map(
  (action) => `sqs:${action} <DeadLetters.Arn>`,
);
const ARM = [
  'iam:PassRole <TimersRole.Arn>',
  'scheduler:CreateSchedule scheduler:::schedule/<group>/*',
  'scheduler:DeleteSchedule scheduler:::schedule/<group>/*',
  'scheduler:ListSchedules scheduler:::schedule/*/*',
];
const PROJECT = [
  'GetParameter',
  'GetParameterHistory',
  'LabelParameterVersion',
  'UnlabelParameterVersion',
].flatMap((action) => [
  `ssm:${action} ssm:::parameter/cloudtab/*/crons/*`,
  `ssm:${action} ssm:::parameter/cloudtab/*/crontab`,
]);
const QUERY = ['<Table.Arn>', '<Table.Arn>/index/by-due', '<Table.Arn>/index/by-site'].map(
  (resource) => `dynamodb:Query ${resource}`,
);
const RESTORE = [
  ...ARM,
  ...PROJECT,
  ...QUERY,
  ...['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'].map(
    (action) => `dynamodb:${action} <Table.Arn>`,
  ),
  'events:PutEvents <Bus.Arn>',
  'lambda:InvokeFunction <Run.Arn>',
  'ssm:GetParametersByPath ssm:::parameter/cloudtab',
  'ssm:GetParametersByPath ssm:::parameter/cloudtab/*',
];

describe('the roles of the Lambdas', () => {
  it.each<[Lambda, string[]]>([
    [
      'Registry',
      [
        ...OWN_LOG('Registry'),
        ...DEAD_LETTERS,
        ...PROJECT,
        'dynamodb:GetItem <Table.Arn>',
        'dynamodb:PutItem <Table.Arn>',
        'events:PutEvents <Bus.Arn>',
      ],
    ],
    [
      'Run',
      [
        ...OWN_LOG('Run'),
        ...DEAD_LETTERS,
        ...ARM,
        'dynamodb:BatchGetItem <Table.Arn>',
        'dynamodb:PutItem <Table.Arn>',
        'events:PutEvents <Bus.Arn>',
        'lambda:InvokeFunction <Run.Arn>',
        'lambda:InvokeFunction lambda:::function:export-*',
        'lambda:InvokeFunction lambda:::function:report',
        'ssm:GetParameter ssm:::parameter/cloudtab/*/secrets/*',
        'sts:AssumeRole arn:aws:iam::123456789012:role/one',
        'sts:AssumeRole iam:::role/cron-*',
      ],
    ],
    [
      'Sync',
      [
        ...OWN_LOG('Sync'),
        ...DEAD_LETTERS,
        ...RESTORE,
        'dynamodb:DescribeStream <Table.StreamArn>',
        'dynamodb:GetRecords <Table.StreamArn>',
        'dynamodb:GetShardIterator <Table.StreamArn>',
        'dynamodb:ListStreams *',
      ],
    ],
    [
      'Admin',
      [
        ...OWN_LOG('Admin'),
        ...PROJECT,
        ...QUERY,
        'dynamodb:BatchGetItem <Table.Arn>',
        'dynamodb:GetItem <Table.Arn>',
        'dynamodb:PutItem <Table.Arn>',
        'events:PutEvents <Bus.Arn>',
        'lambda:InvokeFunction <Run.Arn>',
        'ssm:DeleteParameter ssm:::parameter/cloudtab/*/crons/*',
        'ssm:DeleteParameter ssm:::parameter/cloudtab/*/crontab',
        'ssm:PutParameter ssm:::parameter/cloudtab/*/crons/*',
        'ssm:PutParameter ssm:::parameter/cloudtab/*/crontab',
      ],
    ],
    [
      'Setup',
      [
        ...OWN_LOG('Setup'),
        ...RESTORE,
        'ssm:PutParameter ssm:::parameter/cloudtab/*/crons/*',
        'ssm:PutParameter ssm:::parameter/cloudtab/*/crontab',
      ],
    ],
  ])('The %s Lambda has exactly the permissions that it needs', (lambda, permissions) => {
    expect(permissionsOf(lambda)).toEqual(permissions.sort());
  });

  it('Each permission to pass a role is limited to EventBridge Scheduler', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(statements).toHaveLength(3);
    for (const { Condition } of statements) {
      expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
    }
  });

  it('No Lambda role has a managed policy', () => {
    for (const lambda of LAMBDAS) {
      const id = idOf('AWS::IAM::Role', `Cloudtab${lambda}Role`);
      expect(template.findResources('AWS::IAM::Role')[id]?.Properties).not.toHaveProperty(
        'ManagedPolicyArns',
      );
    }
  });
});

it('The role of the timers may invoke the run Lambda and send dead letters, and nothing else', () => {
  const id = idOf('AWS::IAM::Policy', 'CloudtabTimersRoleDefaultPolicy');
  const policy = template.findResources('AWS::IAM::Policy')[id];
  expect(
    policy?.Properties.PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: string; Resource: unknown }) => `${Action} ${short(Resource)}`,
    ),
  ).toEqual(['sqs:SendMessage <DeadLetters.Arn>', 'lambda:InvokeFunction <Run.Arn>']);
});
