import { RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { ACTIVITY, ATTENTION, TABLE } from '../../../lib/adapters/aws/table.ts';
import { StateTable } from '../../../lib/deploy/constructs/state-table.ts';
import { SETUP_DENIALS } from './permissions.ts';
import { permissionsOf, smallStack, templateOf } from './small-stack.ts';

const stack = smallStack();
new StateTable(stack, 'Table', { removalPolicy: RemovalPolicy.RETAIN });
const template = templateOf(stack);

it('The table has the keys and indexes that DynamoStore uses', () => {
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    KeySchema: [
      { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
      { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
    ],
    TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
    GlobalSecondaryIndexes: [ACTIVITY, ATTENTION].map(({ name, partitionKey, sortKey, include }) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: include },
    })),
    AttributeDefinitions: [
      TABLE.partitionKey,
      TABLE.sortKey,
      ACTIVITY.partitionKey,
      ACTIVITY.sortKey,
      ATTENTION.partitionKey,
    ].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  });
});

it('The table has point-in-time recovery and on-demand billing', () => {
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  });
});

it('The table is retained when its removal policy is RETAIN', () => {
  template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

it('An existing table is used with its stream, and none is created', () => {
  const stack = smallStack();
  const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Kept';
  const { table } = new StateTable(stack, 'Table', {
    streamArn: `${arn}/stream/2026-01-05T12:00:00.000`,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const { tableName, tableArn, tableStreamArn } = table;
  expect({ tableName, tableArn, tableStreamArn }).toEqual({
    tableName: 'Kept',
    tableArn: arn,
    tableStreamArn: `${arn}/stream/2026-01-05T12:00:00.000`,
  });
  templateOf(stack).resourceCountIs('AWS::DynamoDB::Table', 0);
});

it.each([
  ['grantProject', ['GetItem', 'PutItem'], false, SETUP_DENIALS],
  ['grantRun', ['BatchGetItem', 'GetItem', 'PutItem'], false, SETUP_DENIALS],
  ['grantSync', ['BatchGetItem', 'GetItem', 'PutItem'], true, SETUP_DENIALS],
  ['grantManage', ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem'], true, SETUP_DENIALS],
  ['grantSetup', ['BatchGetItem', 'GetItem', 'PutItem'], true, []],
] as const)(
  '%s lets a role make the calls %j on the table, and queries if %s; only setup may write the roles and the limits',
  (grant, operations, canQuery, denials) => {
    const stack = smallStack();
    const table = new StateTable(stack, 'Table', { removalPolicy: RemovalPolicy.RETAIN });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    table[grant](role);
    const resources = ['<Table.Arn>', '<Table.Arn>/index/activity', '<Table.Arn>/index/attention'];
    expect(permissionsOf(role)).toEqual(
      [
        ...operations.map((operation) => `dynamodb:${operation} <Table.Arn>`),
        ...(canQuery ? resources.map((resource) => `dynamodb:Query ${resource}`) : []),
        ...denials,
      ].sort(),
    );
  },
);
