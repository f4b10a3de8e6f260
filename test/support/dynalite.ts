/** An embedded DynamoDB with tables that have the same definition as those of a deployment. */
import { once } from 'node:events';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { ACTIVITY, ATTENTION, TABLE } from '../../lib/adapters/aws/table.ts';

export interface Dynalite {
  readonly client: DynamoDBDocumentClient;
  /** The commands that `client` has sent, oldest first; a test may empty it. */
  readonly calls: string[];
  /** Creates a table with its indexes and waits until it is ready. */
  createTable(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a database on a free port. */
export async function startDynalite(): Promise<Dynalite> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite does not listen on a port');
  const base = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } });
  const calls: string[] = [];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
  return {
    client,
    calls,
    async createTable(name) {
      await base.send(tableCommand(name));
      const describe = () => base.send(new DescribeTableCommand({ TableName: name }));
      while ((await describe()).Table?.TableStatus !== 'ACTIVE');
    },
    async close() {
      client.destroy();
      base.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The command that creates a table like that of a deployment, in any DynamoDB. */
export function tableCommand(name: string): CreateTableCommand {
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: TABLE.partitionKey, AttributeType: 'S' },
      { AttributeName: TABLE.sortKey, AttributeType: 'S' },
      { AttributeName: ACTIVITY.partitionKey, AttributeType: 'S' },
      { AttributeName: ATTENTION.partitionKey, AttributeType: 'S' },
      { AttributeName: ACTIVITY.sortKey, AttributeType: 'S' },
    ],
    KeySchema: keys(TABLE),
    GlobalSecondaryIndexes: [
      ...[ACTIVITY, ATTENTION].map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index),
        Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.include] },
      })),
    ],
  });
}

function keys({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
