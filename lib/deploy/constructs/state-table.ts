/** The table of projections, jobs and run records, and the permissions of each Lambda on it. Its layout is in lib/adapters/aws/table.ts. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ACCESS, ACTIVITY, ATTENTION, LIMITS, TABLE } from '../../adapters/aws/table.ts';
import { allow } from './permission.ts';

export interface StateTableProps {
  /** The stream of an existing table to use. Default: a new table. */
  readonly streamArn?: string | undefined;
  /** Encrypts the table. Default: a key of DynamoDB. */
  readonly encryptionKey?: IKey | undefined;
  /** What happens to the table when the stack is destroyed, for example `RemovalPolicy.RETAIN`. */
  readonly removalPolicy: RemovalPolicy;
}

const WRITES = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'];

export class StateTable extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, id: string, { streamArn, encryptionKey, removalPolicy }: StateTableProps) {
    super(scope, id);
    this.table =
      streamArn === undefined
        ? this.#newTable(encryptionKey, removalPolicy)
        : Table.fromTableAttributes(this, 'Existing', {
            tableArn: streamArn.slice(0, streamArn.indexOf('/stream/')),
            tableStreamArn: streamArn,
          });
  }

  #newTable(encryptionKey: IKey | undefined, removalPolicy: RemovalPolicy): Table {
    const table = new Table(this, 'Resource', {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: StreamViewType.NEW_IMAGE,
      ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
      removalPolicy,
    });
    for (const { name, partitionKey, sortKey, include } of [ACTIVITY, ATTENTION]) {
      table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partitionKey, type: AttributeType.STRING },
        sortKey: { name: sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...include],
      });
    }
    return table;
  }

  /** Lets the role write projections. */
  grantProject(role: Role): void {
    this.#allow(role, 'GetItem', 'PutItem');
    this.#denySetupItems(role);
  }

  /** Lets the role read one cron and write its job and run records. */
  grantRun(role: Role): void {
    this.#allow(role, 'BatchGetItem', 'GetItem', 'PutItem');
    this.#denySetupItems(role);
  }

  /** Lets the role read everything, and write projections, jobs and run records. */
  grantSync(role: Role): void {
    this.grantSetup(role);
    this.#denySetupItems(role);
  }

  /** Lets the role read and write everything. */
  grantSetup(role: Role): void {
    this.#allow(role, 'BatchGetItem', 'GetItem', 'PutItem');
    this.#allowQuery(role);
  }

  /** Lets the role read everything, write projections and jobs, and delete run records. */
  grantManage(role: Role): void {
    this.#allow(role, 'BatchGetItem', 'GetItem', 'PutItem', 'DeleteItem');
    this.#allowQuery(role);
    this.#denySetupItems(role);
  }

  /** The role may not change who may do what and what runners may reach, whatever other permissions it has: its Lambda runs code or input of users. */
  #denySetupItems(role: Role): void {
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: WRITES.map((operation) => `dynamodb:${operation}`),
        resources: [this.table.tableArn],
        conditions: { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': [ACCESS, LIMITS] } },
      }),
    );
  }

  #allow(role: Role, ...operations: string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    allow(role, { actions, resources: [this.table.tableArn] });
  }

  #allowQuery(role: Role): void {
    const indexes = [ACTIVITY, ATTENTION].map(({ name }) => `${this.table.tableArn}/index/${name}`);
    allow(role, { actions: ['dynamodb:Query'], resources: [this.table.tableArn, ...indexes] });
  }
}
