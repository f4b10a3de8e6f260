/** What every Events must do. An adapter's test calls `eventsContract` with a way to make one that nobody used yet. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Event, Events } from '../../lib/ports/events.ts';

export interface EventsUnderTest {
  readonly events: Events;
  /** What subscribers got until now, or as soon as it is that many; in the order in which it was sent. */
  received(count: number): Promise<readonly Event[]>;
  close(): Promise<void>;
}

const RUN = { site: 'site', uid: 'a', name: 'heartbeat', at: '2026-03-02T12:00:00Z', forced: false };
const LOG = {
  id: '1772452800',
  at: RUN.at,
  date: '2026-03-02T12:00:01.234Z',
  status: 'OK',
  messages: [],
} as const;

const EACH_KIND: readonly Event[] = [
  { type: 'StartedCronJob', detail: { ...RUN, runId: 'run-1' } },
  {
    type: 'FinishedCronJob',
    detail: { ...RUN, log: { ...LOG, status: 'WARN', messages: ['π “three” 🕐'] } },
  },
  { type: 'ModifiedCrontab', detail: { site: 'site', uid: 'a', version: 3, change: 'saved' } },
  { type: 'ModifiedCrontab', detail: { site: 'site', version: 4, change: 'removed' } },
  {
    type: 'RejectedParameter',
    detail: {
      site: 'site',
      uid: 'a',
      version: 5,
      problems: [{ where: 'name', got: 'nothing', wanted: 'a runner', cure: 'Add a name.' }],
    },
  },
  { type: 'CrontabSynchronisation', detail: { site: 'site', uid: 'a', armed: '2026-03-02T13:00:00Z' } },
  { type: 'CrontabSynchronisation', detail: { site: 'site', uid: 'a' } },
  { type: 'ServerRestart', detail: { sites: [] } },
];

function modified(version: number): Event {
  return { type: 'ModifiedCrontab', detail: { site: 'site', uid: 'a', version, change: 'saved' } };
}

/** The end of a run that said all it may: 20 messages of 500 characters that take three bytes each. */
function longest(n: number): Event {
  const messages = Array.from({ length: 20 }, () => '時'.repeat(500));
  return {
    type: 'FinishedCronJob',
    detail: { ...RUN, log: { ...LOG, id: String(n), status: 'WARN', messages } },
  };
}

/** The suite of the Events port. */
export function eventsContract(name: string, make: () => Promise<EventsUnderTest>) {
  describe(`${name} keeps the contract of Events`, () => {
    let made: EventsUnderTest;

    beforeEach(async () => {
      made = await make();
    });
    afterEach(() => made.close());

    test.each(EACH_KIND.map((event): [string, Event] => [event.type, event]))(
      'a %s arrives as it was sent',
      async (_, event) => {
        await made.events.emit(event);
        expect(await made.received(1)).toEqual([event]);
      },
    );

    test('events of one call arrive in its order, before those of the next call', async () => {
      await made.events.emit(...EACH_KIND);
      await made.events.emit(modified(6));
      expect(await made.received(EACH_KIND.length + 1)).toEqual([...EACH_KIND, modified(6)]);
    });

    test('any number can be sent at once', async () => {
      const many = Array.from({ length: 23 }, (_, n) => modified(n + 1));
      await made.events.emit(...many);
      expect(await made.received(many.length)).toEqual(many);
    });

    test('the longest can be sent at once, also when together they are more than the medium takes', async () => {
      const many = Array.from({ length: 12 }, (_, n) => longest(n));
      await made.events.emit(...many);
      expect(await made.received(many.length)).toEqual(many);
    });

    test('none is fine, and sends none', async () => {
      await made.events.emit();
      await made.events.emit(modified(1));
      expect(await made.received(1)).toEqual([modified(1)]);
    });
  });
}
