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
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { retryUntilDefined } from '../../core/ports/retry.ts';
import type { ItemKey } from './dynamo-items.ts';
import { translatingErrors } from './errors.ts';

/** DynamoDB may return a part when it is under load; an immediate read of the rest makes it worse. */
const PARTIAL_READ_DELAYS_MS = [50, 100, 200, 400, 800];

export type QueryInput = Omit<QueryCommandInput, 'TableName'>;

/** An item to write, on a condition. */
export type Put = Omit<PutCommandInput, 'TableName'>;

/** Compared by name, because `instanceof` fails when the bundle contains two copies of the class. */
const CONDITION_FAILED = 'ConditionalCheckFailedException';

/** The code of a failed condition in the reasons of a cancelled transaction. */
const CONDITION_CODE = 'ConditionalCheckFailed';

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
  async *query<T>(what: string, query: QueryInput): AsyncIterable<T> {
    let start: Record<string, unknown> | undefined;
    do {
      const { items, next } = await this.page<T>(what, query, start);
      yield* items;
      start = next;
    } while (start);
  }

  /** One page of a query, and the key that the next page starts after; undefined after the last page. */
  async page<T>(
    what: string,
    query: QueryInput,
    start: Record<string, unknown> | undefined,
  ): Promise<{ readonly items: readonly T[]; readonly next: Record<string, unknown> | undefined }> {
    const command = new QueryCommand({ ...query, TableName: this.name, ExclusiveStartKey: start });
    const { Items = [], LastEvaluatedKey } = await this.#asking(what, () => this.#client.send(command));
    return { items: Items as T[], next: LastEvaluatedKey };
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

  /**
   * Writes an item and further ones in one transaction; false if the condition of the first failed. A further one whose
   * condition failed is left out, and the rest is written. `writer` is the token of the first item, unique for each call.
   */
  async commit(what: string, first: Put, others: readonly Put[], writer: string): Promise<boolean> {
    let left = others;
    while (left.length > 0) {
      const reasons = await this.#transact(what, [first, ...left]);
      if (!reasons) return true;
      const [firstReason, ...otherReasons] = reasons;
      if (firstReason?.Code === CONDITION_CODE) return firstReason.Item?.token?.S === writer;
      const kept = left.filter((_, index) => otherReasons[index]?.Code !== CONDITION_CODE);
      if (kept.length === left.length) {
        const codes = reasons.map(({ Code }) => Code).join(', ');
        throw new UnavailableError(
          `Cannot ${what} the table ${this.name}: the transaction was cancelled (${codes}). Try again.`,
        );
      }
      left = kept;
    }
    return await this.put(what, first, writer);
  }

  /**
   * The reasons for which the transaction was cancelled, one for each item; undefined if it was applied. The SDK sends a
   * request token with each call, so that a transaction that it retries after a lost answer is applied once.
   */
  async #transact(what: string, puts: readonly Put[]): Promise<readonly CancellationReason[] | undefined> {
    const TransactItems = puts.map((put) => ({
      Put: {
        ...put,
        Item: put.Item,
        TableName: this.name,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    }));
    const command = new TransactWriteCommand({ TransactItems });
    return await this.#asking(what, async () => {
      try {
        await this.#client.send(command);
        return undefined;
      } catch (error) {
        const reasons = error instanceof Error && 'CancellationReasons' in error && error.CancellationReasons;
        if (!Array.isArray(reasons)) throw error;
        return reasons;
      }
    });
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
        return writer !== undefined && tokenOf(error) === writer;
      }
    });
  }

  #asking<T>(what: string, call: () => Promise<T>): Promise<T> {
    return translatingErrors(`Cannot ${what} the table ${this.name}`, call);
  }
}

/** The token of the item on which the condition failed. The error contains the item in DynamoDB's own JSON. */
function tokenOf(error: Error): string | undefined {
  if (!('Item' in error)) return undefined;
  return (error.Item as StoredToken | undefined)?.token?.S;
}

interface StoredToken {
  readonly token?: { readonly S?: string };
}

interface CancellationReason {
  readonly Code?: string;
  readonly Item?: StoredToken;
}
