import { describe, expect, it } from 'vitest';
import { MAX_REQUESTED_BY_BYTES } from '../../../lib/adapters/aws/delivery.ts';
import {
  isJobKey,
  itemJob,
  itemRecord,
  itemSummary,
  jobItem,
  jobKey,
  projectionItem,
  projectionKey,
  recordItem,
  uidOf,
} from '../../../lib/adapters/aws/dynamo-items.ts';
import { ACTIVITY, ATTENTION } from '../../../lib/adapters/aws/table.ts';
import { hasRoom, type Job, type Lease } from '../../../lib/core/domain/job.ts';
import { MAX_MESSAGE_BYTES, type RunRecord, truncateMessages } from '../../../lib/core/domain/run-record.ts';
import { recordSummary, summarize } from '../../../lib/core/domain/run-summary.ts';
import { truncateBytes } from '../../../lib/core/domain/truncate-bytes.ts';
import { fullJob, fullRecord, NOW, recordOf, saved } from '../../contracts/store-subjects.ts';
import { indexEntry, itemSize } from '../../support/item-size.ts';

const SITE = 's'.repeat(16);
const UID = 'u'.repeat(36);
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const CODE_VERSION = '0123456789abcdef';
const JAPANESE = '時'.repeat(1_000);
const requestedBy = truncateBytes(JAPANESE, MAX_REQUESTED_BY_BYTES).text;
const KB = 1024;

/** A record whose texts are as long as they may be. */
const LONGEST_RECORD: RunRecord = {
  site: SITE,
  uid: UID,
  runner: JAPANESE.slice(0, 256),
  plannedAt: NOW,
  forced: ID,
  status: 'FAILURE',
  reason: 'timeout',
  messages: truncateMessages(Array(20).fill(JAPANESE)),
  deliveredAt: NOW,
  claimedAt: NOW,
  startedAt: NOW,
  endedAt: NOW,
  runId: ID,
  attempts: 1,
  requestedBy,
  definitionVersion: 100,
  codeVersion: CODE_VERSION,
  wentOn: true,
};

/** The lease of a planned time. */
const LEASE: Lease = {
  plannedAt: NOW,
  runId: ID,
  holder: ID,
  deliveredAt: NOW,
  claimedAt: NOW,
  expiresAt: NOW,
  definitionVersion: 100,
  codeVersion: CODE_VERSION,
};

/** The job of a default cron while it runs, with a timing and a last message as long as they may be. */
const RUNNING_JOB: Job = {
  site: SITE,
  uid: UID,
  token: ID,
  armedAt: NOW,
  timing: JAPANESE.slice(0, 33),
  waitingForced: [],
  leases: [LEASE],
  busySince: NOW,
  decidedUntil: NOW,
  recentForced: [],
  summary: {
    ...summarize(
      { statuses: '', runs: 1e6, failures: 1e6, failuresInRow: 1e6 },
      Array(20).fill(LONGEST_RECORD),
    ),
  },
};

const REQUESTED_LEASE: Lease = { ...LEASE, forced: ID, requestedBy };

/** The job with one planned and one requested lease and two requested runs that wait, and with all else that it may hold. */
const FULLEST_JOB: Job = {
  ...RUNNING_JOB,
  waiting: { from: NOW, to: NOW },
  waitingForced: Array(2).fill({ plannedAt: NOW, forced: ID, requestedBy }),
  leases: [LEASE, { ...REQUESTED_LEASE, stop: requestedBy }],
  recentForced: Array(16).fill({ plannedAt: NOW, forced: ID }),
  redelivery: { at: NOW, count: 1_000 },
};

describe('the sizes of items', () => {
  it('The job of a default cron fits into one write unit while it runs, with the longest names in Japanese', () => {
    expect(itemSize(jobItem(RUNNING_JOB))).toBeLessThanOrEqual(KB);
  });

  it('The fullest job with the longest names in Japanese is smaller than 4 KB', () => {
    expect(itemSize(jobItem(FULLEST_JOB))).toBeLessThanOrEqual(4 * KB);
  });

  it.each([
    { what: 'planned', leases: Array(5).fill(LEASE) },
    { what: 'requested', leases: Array(3).fill(REQUESTED_LEASE) },
    { what: 'planned, and one requested', leases: [...Array(4).fill(LEASE), REQUESTED_LEASE] },
    { what: 'requested, and one planned', leases: [LEASE, ...Array(3).fill(REQUESTED_LEASE)] },
  ])('A job of overlapping runs has room until it would exceed 4 KB: $what', ({ leases }) => {
    const withLeases = (some: readonly Lease[]): Job => ({
      ...FULLEST_JOB,
      waitingForced: FULLEST_JOB.waitingForced.slice(1),
      leases: some.map((lease) => ({ ...lease, stop: requestedBy })),
    });
    expect(hasRoom(leases.slice(0, -1))).toBe(true);
    expect(hasRoom(leases)).toBe(false);
    expect(itemSize(jobItem(withLeases(leases)))).toBeLessThanOrEqual(4 * KB);
  });

  it('A record with the longest messages in Japanese is smaller than 10 KB', () => {
    const bytes = itemSize(recordItem(LONGEST_RECORD, 90));
    expect(bytes).toBeGreaterThan(MAX_MESSAGE_BYTES);
    expect(bytes).toBeLessThanOrEqual(10 * KB);
  });

  it('A record is one write unit in each index, with the longest names in Japanese', () => {
    const item = recordItem(LONGEST_RECORD, 90);
    for (const index of [ACTIVITY, ATTENTION]) {
      const entry = indexEntry(index, { ...item }) ?? {};
      expect(entry).toMatchObject({ status: 'FAILURE', message: expect.stringMatching(/^時+…$/) });
      expect(itemSize(entry)).toBeLessThanOrEqual(KB);
    }
  });

  it('Each index includes no more attributes than DynamoDB allows, and none of them twice', () => {
    for (const { include } of [ACTIVITY, ATTENTION]) {
      expect(include.length).toBeLessThanOrEqual(20);
      expect(new Set(include).size).toBe(include.length);
    }
  });
});

describe('the items of DynamoStore', () => {
  it('itemJob restores the job that jobItem converted', () => {
    expect(itemJob('site', 'a', jobItem(fullJob('a', 'one')))).toEqual(fullJob('a', 'one'));
  });

  it('itemRecord and itemSummary restore a record without the time until which it is kept', () => {
    const item = recordItem({ ...fullRecord(NOW), keepUntil: NOW }, 90);
    expect(itemRecord(item)).toEqual(fullRecord(NOW));
    expect(itemSummary(item)).toMatchObject({
      site: 'site',
      uid: 'a',
      message: recordSummary(fullRecord(NOW)).message,
    });
  });

  it('An item holds values of the types of DynamoDB and no JSON text', () => {
    const item = jobItem(fullJob('a', 'one'));
    expect(item.leases).toEqual(fullJob('a', 'one').leases);
    expect(projectionItem({ site: 'site', uid: 'a' }, saved('a'))).toMatchObject({ value: saved('a').value });
    expect(recordItem(recordOf(NOW), 90).attention).toBeUndefined();
  });

  it.each(['job', 'a', 'cron', 'crontab'])('The keys of the cron "%s" are distinguished', (uid) => {
    const projection = projectionKey({ site: 'site', uid });
    const job = jobKey('site', uid);
    expect([projection, job].map(uidOf)).toEqual([uid, uid]);
    expect([projection, job].map(isJobKey)).toEqual([false, true]);
    expect(uidOf(projectionKey({ site: 'site' }))).toBeUndefined();
  });
});
