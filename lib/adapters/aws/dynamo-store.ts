/**
 * The Store on DynamoDB. Each change is a single conditional write, never a transaction, in an order that may stop
 * anywhere. dynamo-items.ts has the form of items, table.ts the layout of the table, dynamo-table.ts its calls.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CronFields } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Job } from '../../core/domain/job.ts';
import type { ParameterKey, Timer } from '../../core/domain/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Projection, SiteState, State, Store } from '../../core/ports/store.ts';
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
import { DynamoTable } from './dynamo-table.ts';
import { BY_DUE, BY_SITE, SITES, SORT } from './table.ts';

/** `clock` times the delays between retries, `random` makes the IDs of writes. */
export interface DynamoStoreParts {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The sort key distinguishes them. */
type Item = JobItem | ProjectionItem;

/** What the index by due time gives of an item. */
interface DueEntry extends ParameterKey {
  readonly armedAt?: number;
}

/** Keeps the contract of Store, with these calls: a read, a job's write or removal and a page of a site are one each. */
export class DynamoStore implements Store {
  readonly #table: DynamoTable;
  readonly #random: Random;

  constructor({ client, table, clock, random }: DynamoStoreParts) {
    this.#table = new DynamoTable(client, table, clock);
    this.#random = random;
  }

  async read(site: string, uid: string): Promise<State> {
    const keys = [projectionKey({ site }), projectionKey({ site, uid }), jobKey(site, uid)];
    const items = await this.#table.read<Item>(`read ${site}/${uid} from`, keys);
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
    const what = `read the projection of ${text(key)} from`;
    const item = await this.#table.get<ProjectionItem>(what, projectionKey(key));
    return item && itemProjection(item);
  }

  async readSite(site: string): Promise<SiteState> {
    let crontab: Projection<CrontabSettings> | undefined;
    const crons = new Map<string, SiteState['crons'][number]>();
    const query = { ...where(BY_SITE, site), IndexName: BY_SITE.name };
    for await (const item of this.#table.query<Item>(`read the site ${site} from`, query)) {
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
    for await (const { sk } of this.#table.query<ItemKey>('list the sites of', query)) sites.push(sk);
    return sites;
  }

  async putProjection(
    key: ParameterKey,
    projection: Projection<CronFields | CrontabSettings>,
    now: number,
  ): Promise<boolean> {
    // The site first: a resync finds parameters by the known sites.
    await this.#table.put(`note the site ${key.site} in`, { Item: siteKey(key.site) });
    const earlier = projection.removed
      ? 'modified <= :modified'
      : 'modified < :modified OR (modified = :modified AND attribute_not_exists(removed))';
    return await this.#table.put(`write the projection of ${text(key)} to`, {
      Item: projectionItem(key, projection, now),
      ConditionExpression: `attribute_not_exists(pk) OR ${earlier}`,
      ExpressionAttributeValues: { ':modified': projection.modified },
    });
  }

  async settle(
    key: ParameterKey,
    { modified, removed }: Pick<Projection<unknown>, 'modified' | 'removed'>,
  ): Promise<void> {
    await this.#table.update(`settle ${text(key)} in`, {
      Key: projectionKey(key),
      UpdateExpression: 'REMOVE dueShard, due',
      ConditionExpression: `modified = :modified AND ${removed ? 'attribute_exists' : 'attribute_not_exists'}(removed)`,
      ExpressionAttributeValues: { ':modified': modified },
    });
  }

  async saveJob(job: Job): Promise<Job | undefined> {
    const next = fittingJob({ ...job, revision: job.revision + 1 });
    const writer = this.#random.id();
    const condition = job.revision === 0 ? { ConditionExpression: 'attribute_not_exists(pk)' } : seen(job);
    const won = await this.#table.put(
      `write the job of ${text(job)} to`,
      { Item: jobItem(next, writer), ...condition },
      writer,
    );
    return won ? next : undefined;
  }

  async removeJob(job: Job): Promise<boolean> {
    const Key = jobKey(job.site, job.uid);
    return await this.#table.remove(`remove the job of ${text(job)} from`, { Key, ...seen(job) });
  }

  async *overdue(now: number): AsyncIterable<ParameterKey> {
    for (const shard of shards()) {
      // A cron and its job share a shard, so each parameter is named once.
      const named = new Set<string>();
      const query = dueQuery(shard, 'due <= :now', { ':now': now });
      for await (const { site, uid } of this.#table.query<DueEntry>('read what is overdue from', query)) {
        const name = `${site}/${uid ?? ''}`;
        if (!named.has(name)) yield uid === undefined ? { site } : { site, uid };
        named.add(name);
      }
    }
  }

  async *armed(): AsyncIterable<Timer> {
    for (const shard of shards()) {
      const query = { ...dueQuery(shard), FilterExpression: 'attribute_exists(armedAt)' };
      for await (const entry of this.#table.query<DueEntry>('read what is armed from', query)) {
        const { site, uid, armedAt } = entry;
        if (uid !== undefined && armedAt !== undefined) yield { site, uid, plannedAt: armedAt };
      }
    }
  }
}

function is(sk: string) {
  return (item: Item): item is ProjectionItem => item.sk === sk;
}

function isJob(item: Item): item is JobItem {
  return item.sk === SORT.job;
}

/** The condition that no process has written the job since it was read. */
function seen({ revision }: Job) {
  return {
    ConditionExpression: 'revision = :revision',
    ExpressionAttributeValues: { ':revision': revision },
  };
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

/** The parameter's name in messages. */
function text({ site, uid }: ParameterKey): string {
  return uid === undefined ? `${site}/crontab` : `${site}/${uid}`;
}
