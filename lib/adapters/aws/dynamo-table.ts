/**
 * A table of DynamoDB: completes partial reads, reports whether the condition of a write was met, and translates
 * errors. Leaves the content of items to the store.
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
import type { Clock } from '../../core/ports/clock.ts';
import { retryUntilDefined } from '../../core/ports/retry.ts';
import type { ItemKey } from './dynamo-items.ts';
import { translatingErrors } from './errors.ts';

/** DynamoDB may return a part when it is under load; an immediate read of the rest makes it worse. */
const PARTIAL_READ_DELAYS_MS = [50, 100, 200, 400, 800];

/** Compared by name, because `instanceof` fails when the bundle contains two copies of the class. */
const CONDITION_FAILED = 'ConditionalCheckFailedException';

/** `what` is the action in error messages, such as `read default/backup from`, before `the table <name>`. */
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
    const whole = await retryUntilDefined(this.#clock, PARTIAL_READ_DELAYS_MS, async () => {
      const command = new BatchGetCommand({
        RequestItems: { [this.name]: { Keys: left, ConsistentRead: true } },
      });
      const { Responses, UnprocessedKeys } = await this.#asking(what, () => this.#client.send(command));
      found.push(...((Responses?.[this.name] ?? []) as T[]));
      left = UnprocessedKeys?.[this.name]?.Keys ?? [];
      return left.length === 0 ? found : undefined;
    });
    if (whole) return whole;
    throw new UnavailableError(
      `Cannot ${what} the table ${this.name}: DynamoDB left out ${left.length} of ${keys.length} items ` +
        `${PARTIAL_READ_DELAYS_MS.length + 1} times. AWS asks for fewer calls: try again later.`,
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
   * Puts an item; false when the condition failed. When the SDK retries a write whose response was lost, the condition
   * fails on the written item, so a failure on an item of the same `writer` counts as success.
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

/** The writer of the item on which the condition failed. The error contains the item in DynamoDB's own JSON. */
function writerOf(error: Error): string | undefined {
  if (!('Item' in error)) return undefined;
  return (error.Item as { writer?: { S?: string } } | undefined)?.writer?.S;
}
