import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CronMetrics } from '../../../lib/adapters/aws/cron-metrics.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import type { LogDump } from '../../../lib/core/domain/log.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';

const PLANNED = '2026-03-02T12:00:00Z';
const STARTED = '2026-03-02T12:00:02.500Z';
const ENDED = '2026-03-02T12:00:12.700Z';

function finished(log: Partial<LogDump>): Event {
  const all: LogDump = { id: '1', plannedAt: PLANNED, date: ENDED, status: 'OK', messages: [], ...log };
  return {
    type: 'FinishedCronJob',
    detail: { site: 'shop', uid: 'backup', name: 'task', plannedAt: PLANNED, log: all },
  };
}

function cronMetrics(publish = async (..._events: readonly Event[]) => {}) {
  const lines: string[] = [];
  const inner = vi.fn(publish);
  const write = (line: string) => void lines.push(line);
  const logger = new MemoryLogger();
  const events = new CronMetrics({ events: { publish: inner }, namespace: 'cloudtab/shop', write, logger });
  return { events, inner, logger, values: () => lines.map((line) => JSON.parse(line)) };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(ENDED) }));
afterEach(() => void vi.useRealTimers());

describe('CronMetrics', () => {
  it('A run that succeeded is one line in the embedded metric format, with its site and uid as dimensions', async () => {
    const { events, logger, values } = cronMetrics();
    await events.publish(finished({ startedAt: STARTED }));
    expect(logger.lines).toEqual([]);
    expect(values()).toEqual([
      {
        _aws: {
          Timestamp: Date.parse(ENDED),
          CloudWatchMetrics: [
            {
              Namespace: 'cloudtab/shop',
              Dimensions: [['site', 'uid']],
              Metrics: [
                { Name: 'OK', Unit: 'Count' },
                { Name: 'StartLag', Unit: 'Milliseconds' },
                { Name: 'Duration', Unit: 'Milliseconds' },
                { Name: 'LastSuccess', Unit: 'Seconds' },
              ],
            },
          ],
        },
        site: 'shop',
        uid: 'backup',
        OK: 1,
        StartLag: 2_500,
        Duration: 10_200,
        LastSuccess: Math.round(Date.parse(ENDED) / 1000),
      },
    ]);
  });

  it.each([
    [
      'a run with messages',
      { status: 'WARN', startedAt: STARTED },
      ['WARN', 'StartLag', 'Duration', 'LastSuccess'],
    ],
    ['a run that failed', { status: 'FAILURE', startedAt: STARTED }, ['FAILURE', 'StartLag', 'Duration']],
    ['a run that died', { status: 'FAILURE', reason: 'died', startedAt: STARTED }, ['FAILURE', 'StartLag']],
    ['an occurrence that did not run', { status: 'NOTRUN', reason: 'missed' }, ['NOTRUN']],
  ] as const)('The line of %s has %j as %j', async (_, log, names) => {
    const { events, values } = cronMetrics();
    await events.publish(finished(log));
    const [{ _aws, site: _site, uid: _uid, ...metrics }] = values();
    expect(Object.keys(metrics)).toEqual(names);
    expect(_aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name)).toEqual(names);
  });

  it('A record of several planned times counts each of them', async () => {
    const { events, values } = cronMetrics();
    await events.publish(finished({ status: 'NOTRUN', covers: { from: PLANNED, count: 12 } }));
    expect(values()).toMatchObject([{ NOTRUN: 12 }]);
  });

  it('Several occurrences have a line each, with nothing of the others', async () => {
    const { events, values } = cronMetrics();
    await events.publish(finished({ status: 'FAILURE', startedAt: STARTED }), finished({ status: 'NOTRUN' }));
    expect(values()).toMatchObject([{ FAILURE: 1, StartLag: 2_500 }, { NOTRUN: 1 }]);
    expect(Object.keys(values()[1])).toEqual(['_aws', 'site', 'uid', 'NOTRUN']);
  });

  it('A time that CloudWatch does not accept is a warning of the function, and no line of its own', async () => {
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { events, logger, values } = cronMetrics();
    await events.publish(finished({ date: '2026-01-02T12:00:00Z' }));
    expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('14 days') }]);
    expect(values()).toHaveLength(1);
    expect(printed).not.toHaveBeenCalled();
  });

  it('All events are published, and no other one is a metric', async () => {
    const { events, inner, values } = cronMetrics();
    const restart: Event = { type: 'ServerRestart', detail: { sites: [] } };
    await events.publish(restart, finished({}));
    expect(inner).toHaveBeenCalledExactlyOnceWith(restart, finished({}));
    expect(values()).toHaveLength(1);
  });

  it('A run is counted also when the bus does not accept its event', async () => {
    const error = new UnavailableError('no bus');
    const { events, values } = cronMetrics(async () => Promise.reject(error));
    await expect(events.publish(finished({}))).rejects.toBe(error);
    expect(values()).toHaveLength(1);
  });
});
