/**
 * One table of DynamoDB: reads that go on until they are whole, writes that say whether their condition held, and
 * errors in our words. What is in the items is the store's business.
 */
import {
  BatchGetCommand,
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../core/domain/errors.ts';
import { type Clock, pause } from '../../core/ports/clock.ts';
import type { ItemKey } from './dynamo-items.ts';
import { translatingErrors } from './errors.ts';

/** What a read that was answered in part does before it is given up: 50, 100, 200, 400 and 800 ms of waiting. */
const PARTIAL_READS = 6;
const FIRST_PAUSE = 50;

/** The error's name is all that tells a failed condition: its class depends on who built the client. */
const CONDITION_FAILED = 'ConditionalCheckFailedException';

/** In each method `what` ends as "… the table x" in an error: `read default/backup from`. */
export class DynamoTable {
  readonly name: string;
  readonly #client: DynamoDBDocumentClient;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, name: string, clock: Clock) {
    this.#client = client;
    this.name = name;
    this.#clock = clock;
  }

  /** The item of that key, consistently; nothing when there is none. */
  async get<T>(what: string, key: ItemKey): Promise<T | undefined> {
    const command = new GetCommand({ TableName: this.name, Key: { ...key }, ConsistentRead: true });
    const { Item } = await this.#asking(what, () => this.#client.send(command));
    return Item as T | undefined;
  }

  /** The items of these keys that exist, consistently, in any order. */
  async read<T>(what: string, keys: readonly ItemKey[]): Promise<T[]> {
    const found: T[] = [];
    let left: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
    for (let attempt = 0; attempt < PARTIAL_READS; attempt++) {
      // DynamoDB may answer a part when it is under load; asking for the rest at once makes it worse.
      if (attempt > 0) await pause(this.#clock, FIRST_PAUSE * 2 ** (attempt - 1));
      const command = new BatchGetCommand({
        RequestItems: { [this.name]: { Keys: left, ConsistentRead: true } },
      });
      const { Responses, UnprocessedKeys } = await this.#asking(what, () => this.#client.send(command));
      found.push(...((Responses?.[this.name] ?? []) as T[]));
      left = UnprocessedKeys?.[this.name]?.Keys ?? [];
      if (left.length === 0) return found;
    }
    throw new UnavailableError(
      `Cannot ${what} the table ${this.name}: DynamoDB left out ${left.length} of ${keys.length} items ` +
        `${PARTIAL_READS} times. AWS asks for fewer calls: try again later.`,
    );
  }

  /** Every item of a query, page by page. */
  async *query<T>(what: string, query: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<T> {
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const command = new QueryCommand({ ...query, TableName: this.name, ExclusiveStartKey });
      const page = await this.#asking(what, () => this.#client.send(command));
      yield* (page.Items ?? []) as T[];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  /**
   * Puts an item; false when the condition failed. The SDK repeats a write whose answer got lost, and then meets its
   * own item: one that carries our `writer` is a success.
   */
  async put(what: string, input: Omit<PutCommandInput, 'TableName'>, writer?: string): Promise<boolean> {
    const command = new PutCommand({
      ...input,
      TableName: this.name,
      ...(writer !== undefined && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    });
    return await this.#writing(what, () => this.#client.send(command), writer);
  }

  /** Changes an item; false when the condition failed. */
  async update(what: string, input: Omit<UpdateCommandInput, 'TableName'>): Promise<boolean> {
    const command = new UpdateCommand({ ...input, TableName: this.name });
    return await this.#writing(what, () => this.#client.send(command));
  }

  /** Removes an item; false when the condition failed. */
  async remove(what: string, input: Omit<DeleteCommandInput, 'TableName'>): Promise<boolean> {
    const command = new DeleteCommand({ ...input, TableName: this.name });
    return await this.#writing(what, () => this.#client.send(command));
  }

  async #writing(what: string, write: () => Promise<unknown>, writer?: string): Promise<boolean> {
    return await this.#asking(what, async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== CONDITION_FAILED) throw error;
        return writer !== undefined && writerOf(error) === writer;
      }
    });
  }

  #asking<T>(what: string, call: () => Promise<T>): Promise<T> {
    return translatingErrors(`Cannot ${what} the table ${this.name}`, call);
  }
}

/** Who wrote the item that made the condition fail: it comes with the error, in the table's own notation. */
function writerOf(error: Error): string | undefined {
  if (!('Item' in error)) return undefined;
  return (error.Item as { writer?: { S?: string } } | undefined)?.writer?.S;
}
