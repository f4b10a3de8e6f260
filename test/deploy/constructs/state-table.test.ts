import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { BY_DUE, BY_SITE, TABLE } from '../../../lib/adapters/aws/table.ts';
import { StateTable } from '../../../lib/deploy/constructs/state-table.ts';
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
    GlobalSecondaryIndexes: [
      {
        IndexName: BY_SITE.name,
        KeySchema: [
          { AttributeName: BY_SITE.partitionKey, KeyType: 'HASH' },
          { AttributeName: BY_SITE.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: BY_DUE.name,
        KeySchema: [
          { AttributeName: BY_DUE.partitionKey, KeyType: 'HASH' },
          { AttributeName: BY_DUE.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: BY_DUE.include },
      },
    ],
    AttributeDefinitions: Match.arrayWith([
      { AttributeName: BY_DUE.partitionKey, AttributeType: 'N' },
      { AttributeName: BY_DUE.sortKey, AttributeType: 'N' },
    ]),
  });
});

it('The table has point-in-time recovery and on-demand billing', () => {
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
  });
});

it('The table is retained when its removal policy is RETAIN', () => {
  template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

it.each([
  ['grantProject', ['GetItem', 'PutItem'], false],
  ['grantRun', ['BatchGetItem', 'PutItem'], false],
  ['grantSync', ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'], true],
  ['grantManage', ['BatchGetItem', 'GetItem', 'PutItem'], true],
] as const)(
  '%s lets a role make the calls %j on the table, and queries if %s',
  (grant, operations, canQuery) => {
    const stack = smallStack();
    const table = new StateTable(stack, 'Table', { removalPolicy: RemovalPolicy.RETAIN });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    table[grant](role);
    const resources = ['<Table.Arn>', '<Table.Arn>/index/by-due', '<Table.Arn>/index/by-site'];
    expect(permissionsOf(role)).toEqual(
      [
        ...operations.map((operation) => `dynamodb:${operation} <Table.Arn>`),
        ...(canQuery ? resources.map((resource) => `dynamodb:Query ${resource}`) : []),
      ].sort(),
    );
  },
);
