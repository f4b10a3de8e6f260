/**
 * The Store on DynamoDB. One conditional write for each change, never a transaction, in an order that may stop
 * anywhere. How items look is in dynamo-items.ts, how the table looks in table.ts.
 */
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { CronFields } from '../domain/cron.ts';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import { UnavailableError } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import type { ParameterKey, Timer } from '../domain/names.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Projection, SiteState, State, Store } from '../ports/store.ts';
import { pause } from '../system/clock.ts';
import {
  fittingJob,
  type ItemKey,
  itemJob,
  itemProjection,
  type JobItem,
  jobItem,
  jobKey,
  type ProjectionItem,
  projectionItem,
  projectionKey,
  siteKey,
} from './dynamo-items.ts';
import { asking } from './errors.ts';
import { BY_DUE, BY_SITE, SITES, SORT } from './table.ts';

/** What the store is made of. `clock` times its pauses, `random` signs its writes. */
export interface DynamoStoreParts {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a read that was answered in part does before it is given up: 50, 100, 200, 400 and 800 ms of waiting. */
const PARTIAL_READS = 6;
const FIRST_PAUSE = 50;

/** The error's name is all that tells a failed condition: its class depends on who built the client. */
const CONDITION_FAILED = 'ConditionalCheckFailedException';

/** A job, projection or index entry: which one is told by its sort key. */
type Item = JobItem | ProjectionItem;

type IndexEntry = { readonly site: string; readonly uid?: string; readonly armedAt?: number };

export class DynamoStore implements Store {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor({ client, table, clock, random }: DynamoStoreParts) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  async read(site: string, uid: string): Promise<State> {
    const keys = [projectionKey({ site }), projectionKey({ site, uid }), jobKey(site, uid)];
    const items = await this.#asking(`read ${site}/${uid} from`, () => this.#batch(keys));
    const crontab = items.find(is(SORT.crontab));
    const cron = items.find(is(SORT.cron));
    const job = items.find(isJob);
    return {
      ...(crontab && { crontab: itemProjection<CrontabSettings>(crontab) }),
      ...(cron && { cron: itemProjection<CronFields>(cron) }),
      ...(job && { job: itemJob(job) }),
    };
  }

  async readProjection(key: ParameterKey): Promise<Projection<CronFields | CrontabSettings> | undefined> {
    const { Item } = await this.#asking(`read the projection of ${text(key)} from`, () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: projectionKey(key), ConsistentRead: true }),
      ),
    );
    return Item && itemProjection(Item as ProjectionItem);
  }

  async readSite(site: string): Promise<SiteState> {
    let crontab: Projection<CrontabSettings> | undefined;
    const crons = new Map<string, SiteState['crons'][number]>();
    const query = { ...where(BY_SITE, site), IndexName: BY_SITE.name };
    for await (const item of this.#query<Item>(`read the site ${site} from`, query)) {
      const { uid } = item;
      if (uid === undefined) {
        crontab = itemProjection(item as ProjectionItem);
      } else if (isJob(item)) {
        crons.set(uid, { ...crons.get(uid), uid, job: itemJob(item) });
      } else {
        crons.set(uid, { ...crons.get(uid), uid, cron: itemProjection(item as ProjectionItem) });
      }
    }
    // The index sorts by bytes, and so does this: uids are ASCII.
    const sorted = [...crons.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
    return { ...(crontab && { crontab }), crons: sorted };
  }

  async sites(): Promise<string[]> {
    const sites: string[] = [];
    const query = { ...where({ partitionKey: 'pk' }, SITES), ConsistentRead: true };
    for await (const { sk } of this.#query<ItemKey>('list the sites of', query)) sites.push(sk);
    return sites;
  }

  async project(
    key: ParameterKey,
    projection: Projection<CronFields | CrontabSettings>,
    now: number,
  ): Promise<boolean> {
    // The site first: a parameter whose site nobody knows would never be restored.
    await this.#asking(`note the site ${key.site} in`, () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: siteKey(key.site) })),
    );
    const earlier = projection.removed
      ? 'modified <= :modified'
      : 'modified < :modified OR (modified = :modified AND attribute_not_exists(removed))';
    return await this.#conditional(`write the projection of ${text(key)} to`, () =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: projectionItem(key, projection, now),
          ConditionExpression: `attribute_not_exists(pk) OR ${earlier}`,
          ExpressionAttributeValues: { ':modified': projection.modified },
        }),
      ),
    );
  }

  async settle(key: ParameterKey, modified: number): Promise<void> {
    await this.#conditional(`settle ${text(key)} in`, () =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: projectionKey(key),
          UpdateExpression: 'REMOVE dueShard, due',
          ConditionExpression: 'modified <= :modified',
          ExpressionAttributeValues: { ':modified': modified },
        }),
      ),
    );
  }

  async saveJob(job: Job): Promise<Job | undefined> {
    const next = fittingJob({ ...job, revision: job.revision + 1 });
    const item = jobItem(next, this.#random.id());
    const seen = job.revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :revision';
    const won = await this.#conditional(
      `write the job of ${text(job)} to`,
      () =>
        this.#client.send(
          new PutCommand({
            TableName: this.#table,
            Item: item,
            ConditionExpression: seen,
            ...(job.revision === 0 ? {} : { ExpressionAttributeValues: { ':revision': job.revision } }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
      item.writer,
    );
    return won ? next : undefined;
  }

  async removeJob(job: Job): Promise<boolean> {
    return await this.#conditional(`remove the job of ${text(job)} from`, () =>
      this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: jobKey(job.site, job.uid),
          ConditionExpression: 'revision = :revision',
          ExpressionAttributeValues: { ':revision': job.revision },
        }),
      ),
    );
  }

  async *overdue(now: number): AsyncIterable<ParameterKey> {
    for (const shard of shards()) {
      // A parameter and its job share a shard, so each is named once.
      const named = new Set<string>();
      const query = dueQuery(shard, 'due <= :now', { ':now': now });
      for await (const { site, uid } of this.#query<IndexEntry>('read what is overdue from', query)) {
        const key = uid === undefined ? { site } : { site, uid };
        if (!named.has(text(key))) yield key;
        named.add(text(key));
      }
    }
  }

  async *armed(): AsyncIterable<Timer> {
    for (const shard of shards()) {
      const query = { ...dueQuery(shard), FilterExpression: 'attribute_exists(armedAt)' };
      for await (const entry of this.#query<Timer & { armedAt: number }>('read what is armed from', query)) {
        yield { site: entry.site, uid: entry.uid, at: entry.armedAt };
      }
    }
  }

  /** Reads items by key, consistently. DynamoDB may answer a part under load; the rest is asked for again. */
  async #batch(keys: readonly ItemKey[]): Promise<Item[]> {
    const found: Item[] = [];
    let Keys: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
    for (let attempt = 0; attempt < PARTIAL_READS; attempt++) {
      if (attempt > 0) await pause(this.#clock, FIRST_PAUSE * 2 ** (attempt - 1));
      const { Responses, UnprocessedKeys } = await this.#client.send(
        new BatchGetCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } }),
      );
      found.push(...((Responses?.[this.#table] ?? []) as Item[]));
      Keys = UnprocessedKeys?.[this.#table]?.Keys ?? [];
      if (Keys.length === 0) return found;
    }
    throw new UnavailableError(
      `Cannot read from the table ${this.#table}: DynamoDB left out ${Keys.length} of ${keys.length} items ` +
        `${PARTIAL_READS} times. AWS asks for fewer calls: try again later.`,
    );
  }

  /** Every item of a query, page by page. */
  async *#query<T>(what: string, query: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<T> {
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await this.#asking(what, () =>
        this.#client.send(new QueryCommand({ ...query, TableName: this.#table, ExclusiveStartKey })),
      );
      yield* (page.Items ?? []) as T[];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  /**
   * Whether the write was done: false when its condition failed. The SDK repeats a write whose answer got lost, and
   * then meets its own item: one that carries our `writer` is a success.
   */
  async #conditional(what: string, write: () => Promise<unknown>, writer?: string): Promise<boolean> {
    return await this.#asking(what, async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== CONDITION_FAILED) throw error;
        return writer !== undefined && standing(error)?.writer === writer;
      }
    });
  }

  #asking<T>(what: string, call: () => Promise<T>): Promise<T> {
    return asking(`Cannot ${what} the table ${this.#table}`, call);
  }
}

/** The item that made the condition fail. */
function standing(error: Error): Partial<JobItem> | undefined {
  return 'Item' in error ? (error.Item as Partial<JobItem>) : undefined;
}

function is(sk: string) {
  return (item: Item): item is ProjectionItem => item.sk === sk;
}

function isJob(item: Item): item is JobItem {
  return item.sk === SORT.job;
}

function where({ partitionKey }: { readonly partitionKey: string }, value: string | number) {
  return {
    KeyConditionExpression: '#partition = :partition',
    ExpressionAttributeNames: { '#partition': partitionKey },
    ExpressionAttributeValues: { ':partition': value },
  };
}

/** Reads one shard of the index by due time; `range` narrows its sort key. */
function dueQuery(shard: number, range?: string, values: Record<string, number> = {}) {
  const query = where(BY_DUE, shard);
  return {
    ...query,
    IndexName: BY_DUE.name,
    KeyConditionExpression: [query.KeyConditionExpression, ...(range ? [range] : [])].join(' AND '),
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ...values },
  };
}

function shards(): Iterable<number> {
  return Array(BY_DUE.shards).keys();
}

/** How a parameter is called in messages. */
function text({ site, uid }: ParameterKey): string {
  return uid === undefined ? `${site}/crontab` : `${site}/${uid}`;
}
