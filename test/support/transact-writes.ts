/**
 * A small double of DynamoDB's TransactWriteItems, which dynalite lacks: conditional puts that are all applied or not at
 * all, the reasons of a cancelled transaction, and client request tokens. It knows the two conditions that the store uses.
 */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

interface TransactRequest {
  readonly ClientRequestToken: string;
  readonly TransactItems: readonly { readonly Put: Put }[];
}

export interface WireAnswer {
  readonly status: number;
  readonly body: object;
}

/** Handles the request bodies of one database. Calls must not overlap with other writes. */
export class TransactWrites {
  readonly #client: DynamoDBClient;
  /** Requests that were applied, by their token. */
  readonly #applied = new Map<string, string>();

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  async handle(body: string): Promise<WireAnswer> {
    const { ClientRequestToken, TransactItems } = JSON.parse(body) as TransactRequest;
    const applied = this.#applied.get(ClientRequestToken);
    if (applied !== undefined) return applied === body ? { status: 200, body: {} } : MISMATCH;
    if (!/^.{1,36}$/.test(ClientRequestToken))
      return failure('ValidationException', 'the request token is too long');
    const puts = TransactItems.map(({ Put }) => Put);
    if (new Set(puts.map(keyText)).size < puts.length)
      return failure('ValidationException', 'one item twice');
    const reasons = await Promise.all(puts.map((put) => this.#reason(put)));
    if (reasons.some(({ Code }) => Code !== 'None')) return cancelled(reasons);
    for (const { TableName, Item } of puts) await this.#client.send(new PutItemCommand({ TableName, Item }));
    this.#applied.set(ClientRequestToken, body);
    return { status: 200, body: {} };
  }

  async #reason(put: Put): Promise<Reason> {
    const { TableName, Item: { pk, sk } = {} } = put;
    if (!pk || !sk) throw new Error('the item has no key');
    const get = new GetItemCommand({ TableName, Key: { pk, sk }, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    if (holds(put, Item)) return { Code: 'None' };
    const Message = 'The conditional request failed';
    return {
      Code: 'ConditionalCheckFailed',
      Message,
      ...(put.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && Item && { Item }),
    };
  }
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Record<string, AttributeValue>;
}

function holds(
  { ConditionExpression, ExpressionAttributeValues }: Put,
  item: Record<string, AttributeValue> | undefined,
): boolean {
  switch (ConditionExpression) {
    case 'attribute_not_exists(pk)':
      return item === undefined;
    case '#token = :token':
      return item?.token?.S === ExpressionAttributeValues?.[':token']?.S;
    default:
      throw new Error(`the double does not know the condition ${ConditionExpression}`);
  }
}

const MISMATCH = failure('IdempotentParameterMismatchException', 'another request had this token');

function cancelled(CancellationReasons: readonly Reason[]): WireAnswer {
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const { status, body } = failure('TransactionCanceledException', `Transaction cancelled [${codes}]`);
  return { status, body: { ...body, CancellationReasons } };
}

function failure(name: string, message: string): WireAnswer {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message } };
}

function keyText({ Item: { pk, sk } = {} }: Put): string {
  return `${pk?.S} ${sk?.S}`;
}
