/** The table of projections and jobs, and what each Lambda may do with it. Its layout is in lib/adapters/aws/table.ts. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { ACTIVITY, ATTENTION, TABLE } from '../../adapters/aws/table.ts';
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
      stream: StreamViewType.NEW_IMAGE,
      ...props,
    });
    for (const { name, partitionKey, sortKey, include } of [ACTIVITY, ATTENTION]) {
      this.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partitionKey, type: AttributeType.STRING },
        sortKey: { name: sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...include],
      });
    }
  }

  /** Lets the Lambda write projections. */
  grantProject(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'GetItem', 'PutItem');
  }

  /** Lets the Lambda read one cron and write its job. */
  grantRun(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'BatchGetItem', 'GetItem', 'PutItem');
  }

  /** Lets the Lambda read everything, write projections and jobs. */
  grantSync(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'BatchGetItem', 'GetItem', 'PutItem');
    this.#allowQuery(lambda);
  }

  /** Lets the Lambda read everything, write projections and jobs, and delete run records. */
  grantManage(lambda: CloudtabFunction): void {
    this.#allow(lambda, 'BatchGetItem', 'GetItem', 'PutItem', 'DeleteItem');
    this.#allowQuery(lambda);
  }

  #allow(lambda: CloudtabFunction, ...operations: string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    lambda.allow({ actions, resources: [this.tableArn] });
  }

  #allowQuery(lambda: CloudtabFunction): void {
    const indexes = [ACTIVITY, ATTENTION].map(({ name }) => `${this.tableArn}/index/${name}`);
    lambda.allow({ actions: ['dynamodb:Query'], resources: [this.tableArn, ...indexes] });
  }
}
