import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fittingJob, itemJob, jobItem } from '../../../lib/adapters/aws/dynamo-items.ts';
import { type Job, newJob } from '../../../lib/core/domain/job.ts';

/** The size limit of an item in DynamoDB, which counts names and values, in bytes. */
const MAX_BYTES = 400 * 1024;

function jobOf(count: number, messages: number, message: string): Job {
  const logs = Array.from({ length: count }, (_, n) => ({
    id: String(n),
    plannedAt: n,
    date: n,
    status: 'WARN' as const,
    messages: Array.from({ length: messages }, () => message),
  }));
  return { ...newJob('site', 'a'), revision: 1, logs };
}

/** The largest size of the item: a number takes up to 21 bytes. */
function size(job: Job): number {
  const attributes = Object.entries(jobItem(job, 'x'.repeat(36)));
  return attributes.reduce(
    (sum, [name, value]) => sum + name.length + (typeof value === 'string' ? Buffer.byteLength(value) : 21),
    0,
  );
}

describe('the item of a job', () => {
  test('fittingJob fits the size limit and keeps every run record, whatever their messages are', () => {
    const logs = [fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 20 })] as const;
    const message = [fc.constantFrom('x', '時', '"', '\u0000'), fc.integer({ min: 0, max: 500 })] as const;
    fc.assert(
      fc.property(...logs, ...message, (count, messages, character, length) => {
        const job = jobOf(count, messages, character.repeat(length));
        const fitting = fittingJob(job);
        expect(size(fitting)).toBeLessThanOrEqual(MAX_BYTES);
        expect(fitting.logs.map(({ id }) => id)).toEqual(job.logs.map(({ id }) => id));
      }),
      { numRuns: 200 },
    );
  });

  test('fittingJob leaves a job unchanged up to its limit and drops messages of the oldest run record beyond it', () => {
    const wide = jobOf(25, 20, 'x'.repeat(500));
    const full = { ...wide, armed: { plannedAt: 0, timing: '' } };
    const room = 380_000 - Buffer.byteLength(JSON.stringify(full));
    const largest = { ...wide, armed: { plannedAt: 0, timing: 'x'.repeat(room) } };
    expect(fittingJob(largest)).toBe(largest);
    const tooLarge = { ...wide, armed: { plannedAt: 0, timing: 'x'.repeat(room + 1) } };
    expect(fittingJob(tooLarge).logs.at(-1)?.messages).toEqual([
      'x'.repeat(500),
      "… the other messages were dropped: this cron's logs together are too long to keep",
    ]);
    expect(fittingJob(tooLarge).logs.slice(0, -1)).toEqual(tooLarge.logs.slice(0, -1));
  });

  test('itemJob restores the job that jobItem converted', () => {
    const job = jobOf(3, 2, 'π “three” 🕐');
    expect(itemJob(jobItem(job, 'writer'))).toEqual(job);
  });
});
