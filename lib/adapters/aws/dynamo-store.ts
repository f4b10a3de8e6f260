/**
 * The Store on DynamoDB. Items are dynamo-items.ts, the layout of the table is table.ts, and calls are dynamo-table.ts.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Job } from '../../core/domain/job.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Projection } from '../../core/domain/projection.ts';
import type { RunRecord } from '../../core/domain/run-record.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type {
  AnyProjection,
  CronState,
  PageRequest,
  RecordPage,
  SiteState,
  State,
  Store,
  SummaryPage,
} from '../../core/ports/store.ts';
import {
  decodeCursor,
  ENDED_POSITION,
  encodeCursor,
  endedRange,
  type PositionRange,
  RECORD_POSITION,
  recordRange,
} from '../cursor.ts';
import { type StoredState, storedState } from '../stored-state.ts';
import {
  type ItemKey,
  isJobKey,
  itemJob,
  itemProjection,
  itemRecord,
  itemSummary,
  type JobItem,
  jobItem,
  jobKey,
  type ProjectionItem,
  projectionItem,
  projectionKey,
  type RecordItem,
  recordItem,
  recordKey,
  siteKey,
  uidOf,
} from './dynamo-items.ts';
import { DynamoTable, type QueryInput } from './dynamo-table.ts';
import { ACTIVITY, ATTENTION, FORMAT, FORMAT_KEY, SITES, SORT, TABLE } from './table.ts';

export interface DynamoStoreParts {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  /** How long run records are kept, in days. */
  readonly retentionDays: number;
}

export class DynamoStore implements Store {
  readonly #table: DynamoTable;
  readonly #clock: Clock;
  readonly #retentionDays: number;

  constructor({ client, table, clock, retentionDays }: DynamoStoreParts) {
    this.#table = new DynamoTable(client, table, clock);
    this.#clock = clock;
    this.#retentionDays = retentionDays;
  }

  async read(site: string, uid: string): Promise<State> {
    const keys = [projectionKey({ site }), projectionKey({ site, uid }), jobKey(site, uid)];
    const items = await this.#table.read<ItemKey>(`read ${site}/${uid} from`, keys);
    return Object.assign({}, ...items.map((item) => stateOf(site, item)));
  }

  async readJob(site: string, uid: string): Promise<Job | undefined> {
    const item = await this.#table.get<JobItem>(`read the job of ${site}/${uid} from`, jobKey(site, uid));
    return item && stateOf(site, item).job;
  }

  async readProjection(key: ParameterKey): Promise<AnyProjection | undefined> {
    const what = `read the projection of ${nameOf(key)} from`;
    const item = await this.#table.get<ProjectionItem>(what, projectionKey(key));
    const { crontab, cron } = item ? stateOf(key.site, item) : {};
    return crontab ?? cron;
  }

  async readSite(site: string): Promise<SiteState> {
    let crontab: Projection<CrontabSettings> | undefined;
    const crons = new Map<string, CronState>();
    // Settings, projections and jobs have this beginning in common; the profile has not.
    const query = inPartition('pk', site, 'begins_with(sk, :begin)', { ':begin': 'cron' });
    for await (const item of this.#table.query<ItemKey & { readonly expires?: number }>(
      `read the site ${site} from`,
      query,
    )) {
      const uid = uidOf(item);
      const state = stateOf(site, item);
      if (uid === undefined) ({ crontab } = state);
      else if (isJobKey(item) || !this.#isExpired(item)) crons.set(uid, { ...crons.get(uid), ...state, uid });
    }
    // DynamoDB sorts by bytes, and `#` comes before all that a uid may have: so these are sorted by uid.
    return { ...(crontab && { crontab }), crons: [...crons.values()] };
  }

  async sites(): Promise<string[]> {
    const sites: string[] = [];
    const query = inPartition('pk', SITES);
    for await (const { sk } of this.#table.query<ItemKey>('list the sites of', query)) sites.push(sk);
    return sites;
  }

  async putProjection(key: ParameterKey, projection: AnyProjection): Promise<boolean> {
    // The site first: a parameter whose site is not listed would never be swept.
    await this.#table.put(`note the site ${key.site} in`, { Item: siteKey(key.site) });
    const isEarlier =
      projection.removedAt === undefined
        ? 'modified < :modified OR (modified = :modified AND attribute_not_exists(removedAt))'
        : 'modified <= :modified';
    return await this.#table.put(`write the projection of ${nameOf(key)} to`, {
      Item: projectionItem(key, projection),
      // What was tampered with is replaced: a value of another type is never earlier.
      ConditionExpression: `NOT attribute_type(modified, :number) OR ${isEarlier}`,
      ExpressionAttributeValues: { ':modified': projection.modified, ':number': 'N' },
    });
  }

  async commit(job: Job, expectedToken: string | undefined, records: readonly RunRecord[]): Promise<boolean> {
    const put = { Item: jobItem(job), ...hasToken(expectedToken) };
    const what = `write the job of ${nameOf(job)} to`;
    if (records.length === 0) return await this.#table.put(what, put, job.token);
    const recordPuts = records.map((record) => ({
      Item: recordItem(record, this.#retentionDays),
      ...IF_ABSENT,
    }));
    return await this.#table.commit(what, put, recordPuts, job.token ?? '');
  }

  async records(site: string, uid: string, page: PageRequest): Promise<RecordPage> {
    const list = `records ${site}/${uid}`;
    const after = decodeCursor(list, RECORD_POSITION, page.cursor);
    const { from, to } = recordRange(page);
    const range = { from: `${SORT.run}${from}`, to: `${SORT.run}${to}` };
    const query = between('pk', `${site}/${uid}`, 'sk', range);
    const start = after === undefined ? undefined : { ...recordKey(site, uid, after) };
    const { items, next } = await this.#page(list, query, page, start);
    const position = next && String(next.sk).slice(SORT.run.length);
    return { records: items.map(itemRecord), ...cursorOf(list, position) };
  }

  async readRecord(site: string, uid: string, id: string): Promise<RunRecord | undefined> {
    const what = `read the run record ${id} of ${site}/${uid} from`;
    const item = await this.#table.get<RecordItem>(what, recordKey(site, uid, id));
    return item && !this.#isExpired(item) ? itemRecord(item) : undefined;
  }

  async activity(site: string, page: PageRequest): Promise<SummaryPage> {
    return await this.#summaries(`activity ${site}`, ACTIVITY, site, page);
  }

  async attention(page: PageRequest): Promise<SummaryPage> {
    return await this.#summaries('attention', ATTENTION, 'all', page);
  }

  async deleteRecords(site: string, uid: string, ids: readonly string[]): Promise<number> {
    let deleted = 0;
    for (const id of ids) {
      const Key = recordKey(site, uid, id);
      const what = `delete the run record ${id} of ${site}/${uid} from`;
      if (await this.#table.remove(what, { Key, ConditionExpression: 'attribute_exists(pk)' })) deleted += 1;
    }
    return deleted;
  }

  async #summaries(
    list: string,
    { name, partitionKey, sortKey }: typeof ACTIVITY | typeof ATTENTION,
    partition: string,
    page: PageRequest,
  ): Promise<SummaryPage> {
    const ended = decodeCursor(list, ENDED_POSITION, page.cursor);
    const [, site = '', uid = '', id = ''] = ENDED_POSITION.exec(ended ?? '') ?? [];
    const query = { ...between(partitionKey, partition, sortKey, endedRange(page)), IndexName: name };
    const start = ended && { ...recordKey(site, uid, id), [partitionKey]: partition, ended };
    const { items, next } = await this.#page(list, query, page, start || undefined);
    return { records: items.map(itemSummary), ...cursorOf(list, next && String(next.ended)) };
  }

  /** One page of run records. DynamoDB drops expired items late: they are skipped. */
  #page(
    list: string,
    query: QueryInput,
    { limit, oldestFirst = false }: PageRequest,
    start: Record<string, unknown> | undefined,
  ) {
    const filter = {
      FilterExpression: '#expires > :now',
      ExpressionAttributeNames: { '#expires': TABLE.timeToLive },
      ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':now': this.#clock.now() / 1000 },
    };
    return this.#table.page<RecordItem>(
      `list the run records (${list}) of`,
      { ...query, ...filter, ScanIndexForward: oldestFirst, Limit: limit },
      start,
    );
  }

  #isExpired({ expires = Number.POSITIVE_INFINITY }: { readonly expires?: number }): boolean {
    return expires <= this.#clock.now() / 1000;
  }
}

/** Notes the format of a new table. Throws ConfigurationError if the table has another one. Not a method: setup alone needs it. */
export async function requireFormat(table: DynamoTable): Promise<void> {
  const key = { pk: FORMAT_KEY, sk: FORMAT_KEY };
  const item = await table.get<{ readonly format: number }>('read the format of', key);
  if (!item) await table.put('note the format in', { Item: { ...key, format: FORMAT } });
  if (!item || item.format === FORMAT) return;
  throw new ConfigurationError(
    `The table ${table.name} has format ${item.format}, and this version needs ${FORMAT}. Let the stack create a ` +
      'new table: crons and settings are kept in the parameters, only run records are lost.',
  );
}

/** A job or record that is not there yet. */
const IF_ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' } as const;

function hasToken(token: string | undefined) {
  if (token === undefined) return IF_ABSENT;
  // "token" is a reserved word.
  return {
    ConditionExpression: '#token = :token',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':token': token },
  };
}

function inPartition(
  key: string,
  value: string,
  range?: string,
  values: Record<string, string> = {},
): QueryInput {
  return {
    KeyConditionExpression: `${key} = :partition${range === undefined ? '' : ` AND ${range}`}`,
    ExpressionAttributeValues: { ':partition': value, ...values },
  };
}

function between(key: string, value: string, sortKey: string, { from, to }: PositionRange): QueryInput {
  return inPartition(key, value, `${sortKey} BETWEEN :from AND :to`, { ':from': from, ':to': to });
}

/** What the item says of its site or cron. */
function stateOf(site: string, item: ItemKey & { readonly expires?: number }): StoredState {
  const uid = uidOf(item);
  if (uid === undefined) return storedState('crontab', itemProjection(item as ProjectionItem));
  if (isJobKey(item)) return storedState('job', itemJob(site, uid, item as JobItem));
  return storedState('cron', itemProjection(item as ProjectionItem));
}

function cursorOf(list: string, position: string | undefined): { readonly cursor?: string } {
  return position === undefined ? {} : { cursor: encodeCursor(list, position) };
}

/** How a parameter is called in messages. */
function nameOf({ site, uid = 'crontab' }: ParameterKey): string {
  return `${site}/${uid}`;
}
