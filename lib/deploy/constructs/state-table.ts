/** The table of projections and jobs, and what each Lambda may do with it. Its layout is in lib/adapters/aws/table.ts. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { BY_DUE, BY_SITE, TABLE } from '../../adapters/aws/table.ts';
import type { CloudtabFunction } from './cloudtab-function.ts';

export interface StateTableProps {
  /** What becomes of the table when the stack is destroyed. */
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

  /** Lets the Lambda write projections. */
  grantProject(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'GetItem', 'PutItem');
  }

  /** Lets the Lambda read one cron and write its job. */
  grantRun(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'BatchGetItem', 'PutItem');
  }

  /** Lets the Lambda read everything, write projections and jobs, and remove jobs. */
  grantSync(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
    this.#allowQuery(lambda);
  }

  /** Lets the Lambda read everything, and write projections and jobs. */
  grantManage(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'BatchGetItem', 'GetItem', 'PutItem');
    this.#allowQuery(lambda);
  }

  #allow(lambda: CloudtabFunction, ...operations: string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    lambda.allow({ actions, resources: [this.tableArn] });
  }

  #allowQuery(lambda: CloudtabFunction): void {
    const indexes = [BY_SITE, BY_DUE].map(({ name }) => `${this.tableArn}/index/${name}`);
    lambda.allow({ actions: ['dynamodb:Query'], resources: [this.tableArn, ...indexes] });
  }
}
