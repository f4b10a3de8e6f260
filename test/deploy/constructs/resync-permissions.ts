/** The permissions of both Lambdas that resync: sync and setup. */
const PROJECT = [
  'GetParameter',
  'GetParameterHistory',
  'LabelParameterVersion',
  'UnlabelParameterVersion',
].flatMap((action) => [
  `ssm:${action} ssm:::parameter/cloudtab/*/crons/*`,
  `ssm:${action} ssm:::parameter/cloudtab/*/crontab`,
]);

export const RESYNC_PERMISSIONS: readonly string[] = [
  'Deny kms:Decrypt * if {"StringLike":{"kms:ViaService":"ssm.*"}}',
  'dynamodb:BatchGetItem <Table.Arn>',
  'dynamodb:GetItem <Table.Arn>',
  'dynamodb:PutItem <Table.Arn>',
  'dynamodb:Query <Table.Arn>',
  'dynamodb:Query <Table.Arn>/index/activity',
  'dynamodb:Query <Table.Arn>/index/attention',
  'events:PutEvents <Bus.Arn>',
  'iam:PassRole <TimersRole.Arn> if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
  'lambda:InvokeFunction <Run.Arn>',
  'scheduler:CreateSchedule scheduler:::schedule/<group>/*',
  'scheduler:DeleteSchedule scheduler:::schedule/<group>/*',
  'scheduler:ListSchedules *',
  'ssm:GetParametersByPath ssm:::parameter/cloudtab',
  'ssm:GetParametersByPath ssm:::parameter/cloudtab/*',
  ...PROJECT,
];
