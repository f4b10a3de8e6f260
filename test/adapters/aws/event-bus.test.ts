import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { EventBus } from '../../../lib/adapters/aws/event-bus.ts';
import type { Event, EventSelection } from '../../../lib/core/domain/event.ts';
import type { Status } from '../../../lib/core/domain/run-record.ts';
import { eventsContract } from '../../contracts/events.ts';
import { awsError } from '../../support/aws-error.ts';
import { BusyClock } from '../../support/busy-clock.ts';

interface Entry {
  readonly DetailType: string;
  readonly Detail: string;
}

/** An EventBus whose mocked client accepts at most 10 entries and 256 KB a call; `refuses` selects entries that fail. */
function make(
  refuses: (call: number, index: number) => boolean = () => false,
  selection: EventSelection = 'all',
) {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  const clock = new BusyClock(0);
  const sent: Event[] = [];
  const mock = mockClient(client);
  let calls = 0;
  mock.on(PutEventsCommand).callsFake(({ Entries }: { Entries: Entry[] }) => {
    calls += 1;
    const bytes = Buffer.byteLength(JSON.stringify(Entries));
    if (Entries.length < 1 || Entries.length > 10 || bytes > 256 * 1024)
      throw awsError('ValidationException');
    const answers = Entries.map(({ DetailType, Detail }, index) => {
      if (refuses(calls, index)) return { ErrorCode: 'InternalFailure', ErrorMessage: 'busy' };
      sent.push({ type: DetailType, detail: JSON.parse(Detail) } as Event);
      return { EventId: String(sent.length) };
    });
    return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
  });
  const inputs = () =>
    mock.calls().map((call) => call.args[0].input as { readonly Entries: readonly Entry[] });
  return {
    events: new EventBus({ client, bus: 'bus', events: selection, clock }),
    mock,
    clock,
    sent,
    inputs,
  };
}

eventsContract('EventBus', async () => {
  const { events, sent } = make();
  return { events, received: async () => sent, close: async () => {} };
});

function modified(version: number): Event {
  return { type: 'ModifiedCrontab', detail: { site: 'site', uid: 'a', version, change: 'saved' } };
}

describe('EventBus', () => {
  test('EventBus with failures only sends failed and missed runs and rejected edits, and otherwise calls nothing', async () => {
    const { events, mock, sent } = make(undefined, 'failures');
    const run = { site: 'site', uid: 'a', name: 'task', plannedAt: '2026-01-05T12:00:00Z' };
    const finished = (status: Status): Event => ({
      type: 'FinishedCronJob',
      detail: {
        ...run,
        log: { id: '1', plannedAt: run.plannedAt, date: run.plannedAt, status, messages: [] },
      },
    });
    const rejected: Event = { type: 'RejectedParameter', detail: { site: 'site', version: 1, problems: [] } };
    await events.publish(
      { type: 'StartedCronJob', detail: { ...run, forced: false, runId: 'r' } },
      finished('OK'),
      finished('WARN'),
      modified(1),
      { type: 'CrontabSynchronisation', detail: { site: 'site', uid: 'a' } },
      { type: 'ServerRestart', detail: { sites: [] } },
    );
    expect(mock.calls()).toEqual([]);
    const failures = [finished('FAILURE'), finished('NOTRUN'), rejected];
    await events.publish(finished('OK'), ...failures);
    expect(sent).toEqual(failures);
  });

  test('EventBus sends ten events in one call, each with its bus, source and type', async () => {
    const { events, inputs } = make();
    await events.publish(...Array.from({ length: 10 }, (_, n) => modified(n)));
    expect(inputs()).toHaveLength(1);
    expect(inputs()[0]?.Entries[3]).toEqual({
      EventBusName: 'bus',
      Source: 'cloudtab',
      DetailType: 'ModifiedCrontab',
      Detail: '{"site":"site","uid":"a","version":3,"change":"saved"}',
    });
  });

  test('EventBus makes no call when there is no event', async () => {
    const { events, inputs } = make();
    await events.publish();
    expect(inputs()).toEqual([]);
  });

  test('EventBus sends only the entries that failed again, after a backoff', async () => {
    const { events, sent, clock, inputs } = make((call, index) => call === 1 && index !== 1);
    await events.publish(modified(1), modified(2), modified(3));
    expect(inputs().map(({ Entries }) => Entries.length)).toEqual([3, 2]);
    expect(sent).toEqual([modified(2), modified(1), modified(3)]);
    expect(clock.pauses).toEqual([100]);
  });

  test('EventBus gives up after four attempts and reports the reason of EventBridge', async () => {
    const { events, clock } = make((_, index) => index === 0);
    await expect(events.publish(modified(1))).rejects.toThrow(
      'Cannot publish to the event bus bus: EventBridge refused 1 of 1 events 4 times (InternalFailure: busy). Try again later.',
    );
    expect(clock.pauses).toEqual([100, 400, 1600]);
  });

  test('EventBus throws an UnavailableError with the cause when the call fails', async () => {
    const { events, mock, inputs } = make();
    const cause = awsError('ResourceNotFoundException', 'Event bus bus does not exist.');
    mock.on(PutEventsCommand).rejects(cause);
    await expect(events.publish(modified(1))).rejects.toMatchObject({ name: 'UnavailableError', cause });
    expect(inputs()).toHaveLength(1);
  });
});

describe('EventBus, with events that exceed the size of an entry', () => {
  test('EventBus publishes the first 10,000 sites of a ServerRestart event that has more', async () => {
    const { events, sent } = make();
    const sites = Array.from({ length: 20_000 }, (_, n) => `site-${n}`.padEnd(16, '-'));
    await events.publish({ type: 'ServerRestart', detail: { sites } });
    expect(sent).toEqual([{ type: 'ServerRestart', detail: { sites: sites.slice(0, 10_000) } }]);
  });

  test('EventBus does not shorten any other event, which EventBridge then rejects', async () => {
    const { events } = make();
    const detail = {
      site: 'site',
      uid: 'a',
      name: 'x'.repeat(300_000),
      plannedAt: '2026-01-05T12:00:00Z',
      forced: false,
      runId: 'run-1',
    };
    await expect(events.publish({ type: 'StartedCronJob', detail })).rejects.toMatchObject({
      cause: { name: 'ValidationException' },
    });
  });
});
