/** The table of projections and jobs, and the permissions of each Lambda on it. Its layout is in lib/adapters/aws/table.ts. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { BY_DUE, BY_SITE, TABLE } from '../../adapters/aws/table.ts';
import { allow } from './permission.ts';

export interface StateTableProps {
  /** What happens to the table when the stack is destroyed, for example `RemovalPolicy.RETAIN`. */
  readonly removalPolicy: RemovalPolicy;
}

export class StateTable extends Table {
  constructor(scope: Construct, id: string, props: StateTableProps) {
    super(scope, id, {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: StreamViewType.KEYS_ONLY,
      ...props,
    });
    this.addGlobalSecondaryIndex({
      indexName: BY_SITE.name,
      partitionKey: { name: BY_SITE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: BY_SITE.sortKey, type: AttributeType.STRING },
    });
    this.addGlobalSecondaryIndex({
      indexName: BY_DUE.name,
      partitionKey: { name: BY_DUE.partitionKey, type: AttributeType.NUMBER },
      sortKey: { name: BY_DUE.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...BY_DUE.include],
    });
  }

  /** Lets the role write projections. */
  grantProject(role: Role): void {
    this.#allow(role, 'GetItem', 'PutItem');
  }

  /** Lets the role read one cron and write its job. */
  grantRun(role: Role): void {
    this.#allow(role, 'BatchGetItem', 'PutItem');
  }

  /** Lets the role read everything, write projections and jobs, and remove jobs. */
  grantSync(role: Role): void {
    this.#allow(role, 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
    this.#allowQuery(role);
  }

  /** Lets the role read everything, and write projections and jobs. */
  grantManage(role: Role): void {
    this.#allow(role, 'BatchGetItem', 'GetItem', 'PutItem');
    this.#allowQuery(role);
  }

  #allow(role: Role, ...operations: string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    allow(role, { actions, resources: [this.tableArn] });
  }

  #allowQuery(role: Role): void {
    const indexes = [BY_SITE, BY_DUE].map(({ name }) => `${this.tableArn}/index/${name}`);
    allow(role, { actions: ['dynamodb:Query'], resources: [this.tableArn, ...indexes] });
  }
}
