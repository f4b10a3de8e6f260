/**
 * Converts jobs and projections to items of the table, and back. Fields of conditions and indexes are attributes of
 * their own; the rest is JSON text, because DynamoDB's numbers and maps cannot represent all JSON values.
 */
import { createHash } from 'node:crypto';
import { type Job, nextCheckTime } from '../../core/domain/job.ts';
import type { Log } from '../../core/domain/log.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Problem } from '../../core/domain/problem.ts';
import { type Projection, SETTLE_GRACE } from '../../core/ports/store.ts';
import { BY_DUE, SITES, SORT } from './table.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** What puts an item into the index by due time. */
interface Due {
  readonly dueShard: number;
  readonly due: number;
}

export interface JobItem extends ItemKey, Partial<Due> {
  readonly site: string;
  readonly uid: string;
  readonly revision: number;
  readonly armedAt?: number;
  /** The ID of the write. It distinguishes the SDK's retry of a write whose response was lost from a lost race. */
  readonly writer: string;
  /** JSON of armed, pending, leases and logs. */
  readonly job: string;
}

export interface ProjectionItem extends ItemKey, Partial<Due> {
  readonly site: string;
  readonly uid?: string;
  readonly modified: number;
  readonly version: number;
  readonly removed?: true;
  /** Epoch seconds. */
  readonly expires?: number;
  /** JSON. */
  readonly value?: string;
  /** JSON. */
  readonly problems?: string;
}

/** How long the tombstone of a removed parameter is kept: late events of an older version arrive within hours. */
const TOMBSTONE_SECONDS = 86_400;

/** DynamoDB holds 400 KB an item, with all its attributes' names; this leaves room for them. */
const MAX_JOB_BYTES = 380_000;

const CUT_MESSAGE = "… the other messages were dropped: this cron's logs together are too long to keep";

export function jobKey(site: string, uid: string): ItemKey {
  return { pk: `${site}/${uid}`, sk: SORT.job };
}

export function projectionKey({ site, uid }: ParameterKey): ItemKey {
  return uid === undefined ? { pk: site, sk: SORT.crontab } : { pk: `${site}/${uid}`, sk: SORT.cron };
}

export function siteKey(site: string): ItemKey {
  return { pk: SITES, sk: site };
}

/** The shard of everything that concerns a parameter: the same at every time and in every process. */
export function dueShard({ site, uid }: ParameterKey): number {
  const digest = createHash('sha256')
    .update(`${site}/${uid ?? ''}`)
    .digest();
  return digest.readUInt8(0) % BY_DUE.shards;
}

export function jobItem(job: Job, writer: string): JobItem {
  const { site, uid, revision, ...rest } = job;
  const { armed } = rest;
  const due = nextCheckTime(job);
  return {
    ...jobKey(site, uid),
    site,
    uid,
    revision,
    writer,
    ...(armed === undefined ? {} : { armedAt: armed.plannedAt }),
    ...(due === undefined ? {} : { dueShard: dueShard(job), due }),
    job: JSON.stringify(rest),
  };
}

export function itemJob({ site, uid, revision, job }: JobItem): Job {
  return { site, uid, revision, ...(JSON.parse(job) as Omit<Job, 'site' | 'uid' | 'revision'>) };
}

export function projectionItem(
  key: ParameterKey,
  projection: Projection<unknown>,
  now: number,
): ProjectionItem {
  const { site, uid } = key;
  const { modified, version, value, problems, removed } = projection;
  return {
    ...projectionKey(key),
    site,
    ...(uid === undefined ? {} : { uid }),
    modified,
    version,
    ...(value === undefined ? {} : { value: JSON.stringify(value) }),
    ...(problems === undefined ? {} : { problems: JSON.stringify(problems) }),
    ...(removed ? { removed, expires: Math.ceil(now / 1000) + TOMBSTONE_SECONDS } : {}),
    dueShard: dueShard(key),
    due: now + SETTLE_GRACE,
  };
}

export function itemProjection<Value>(item: ProjectionItem): Projection<Value> {
  const { modified, version, value, problems, removed } = item;
  return {
    modified,
    version,
    ...(value === undefined ? {} : { value: JSON.parse(value) as Value }),
    ...(problems === undefined ? {} : { problems: JSON.parse(problems) as Problem[] }),
    ...(removed ? { removed } : {}),
  };
}

/** The job as it fits an item: when its logs are too long, the oldest keep their first message only, and say so. */
export function fittingJob(job: Job): Job {
  let excess = bytes(job) - MAX_JOB_BYTES;
  if (excess <= 0) return job;
  const logs = job.logs.toReversed().map((log): Log => {
    if (excess <= 0 || log.messages.length < 2) return log;
    const shorter = { ...log, messages: [...log.messages.slice(0, 1), CUT_MESSAGE] };
    excess -= bytes(log) - bytes(shorter);
    return shorter;
  });
  return { ...job, logs: logs.toReversed() };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
