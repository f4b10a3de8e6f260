/** An embedded DynamoDB with tables that have the same definition as those of a deployment. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { ACTIVITY, ATTENTION, TABLE } from '../../lib/adapters/aws/table.ts';
import { TransactWrites, type WireAnswer } from './transact-writes.ts';

export interface Dynalite {
  readonly client: DynamoDBDocumentClient;
  /** The commands that `client` has sent, oldest first; a test may empty it. */
  readonly calls: string[];
  /** Makes the next transaction happen without an answer: the SDK repeats it. */
  loseAnswer(): void;
  /** Creates a table with its indexes and waits until it is ready. */
  createTable(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a database on a free port. Its requests are handled one after the other. */
export async function startDynalite(): Promise<Dynalite> {
  const inner = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const innerClient = await clientOf(inner);
  const transactWrites = new TransactWrites(innerClient);
  let isAnswerLost = false;
  const transaction = async (body: string) => {
    const answer = await transactWrites.handle(body);
    const isLost = isAnswerLost;
    isAnswerLost = false;
    return isLost ? { status: 500, body: { message: 'the answer was lost' } } : answer;
  };
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    const isTransaction = String(request.headers['x-amz-target']).endsWith('.TransactWriteItems');
    const work = async () => {
      if (isTransaction) return send(response, await transaction(await text(request)));
      inner.emit('request', request, response);
      await once(response, 'close');
    };
    last = last
      .then(work)
      .catch((error: Error) => send(response, { status: 500, body: { message: error.message } }));
  });
  const base = await clientOf(server);
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
    loseAnswer: () => {
      isAnswerLost = true;
    },
    async createTable(name) {
      await base.send(tableCommand(name));
      const describe = () => base.send(new DescribeTableCommand({ TableName: name }));
      while ((await describe()).Table?.TableStatus !== 'ACTIVE');
    },
    async close() {
      for (const each of [client, base, innerClient]) each.destroy();
      await Promise.all([server, inner].map((each) => new Promise((resolve) => each.close(resolve))));
    },
  };
}

/** Lets the server listen on a free port. */
async function clientOf(server: Server): Promise<DynamoDBClient> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

function send(response: ServerResponse, { status, body }: WireAnswer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
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
