/** The permissions that the sync, setup and admin Lambdas share. */

/** To read the table, and to write projections. */
export const READ_PERMISSIONS: readonly string[] = [
  'dynamodb:BatchGetItem <Table.Arn>',
  'dynamodb:GetItem <Table.Arn>',
  'dynamodb:PutItem <Table.Arn>',
  'dynamodb:Query <Table.Arn>',
  'dynamodb:Query <Table.Arn>/index/activity',
  'dynamodb:Query <Table.Arn>/index/attention',
  'events:PutEvents <Bus.Arn>',
];

/** To read parameters, and to label rejected versions. */
export const PROJECT_PERMISSIONS: readonly string[] = [
  'GetParameter',
  'GetParameterHistory',
  'LabelParameterVersion',
  'UnlabelParameterVersion',
].flatMap((action) => [
  `ssm:${action} ssm:::parameter/cloudtab/*/crons/*`,
  `ssm:${action} ssm:::parameter/cloudtab/*/crontab`,
]);

/** All Lambdas but setup may not change who may do what and what runners may reach. */
export const SETUP_DENIALS: readonly string[] = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'].map(
  (operation) =>
    `Deny dynamodb:${operation} <Table.Arn> if {"ForAnyValue:StringEquals":{"dynamodb:LeadingKeys":["#access","#limits"]}}`,
);

/** All Lambdas but run decrypt no secret. */
export const SECRET_DENIAL = 'Deny kms:Decrypt * if {"StringLike":{"kms:ViaService":"ssm.*"}}';
