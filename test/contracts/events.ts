/** The contract of Events. The test of an adapter calls `eventsContract` with a factory of fresh instances. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../lib/core/domain/event.ts';
import type { Events } from '../../lib/core/ports/events.ts';

export interface EventsUnderTest {
  readonly events: Events;
  /** What subscribers have received, in the order of publishing. Waits until it is that many. */
  received(count: number): Promise<readonly Event[]>;
  close(): Promise<void>;
}

const RUN = { site: 'site', uid: 'a', name: 'heartbeat', plannedAt: '2026-03-02T12:00:00Z', forced: false };
const LOG = {
  id: '1772452800',
  plannedAt: RUN.plannedAt,
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
      problems: [{ where: 'name', got: 'nothing', wanted: 'a runner', fix: 'Add a name.' }],
    },
  },
  { type: 'CrontabSynchronisation', detail: { site: 'site', uid: 'a', armed: '2026-03-02T13:00:00Z' } },
  { type: 'CrontabSynchronisation', detail: { site: 'site', uid: 'a' } },
  { type: 'ServerRestart', detail: { sites: [] } },
];

function modified(version: number): Event {
  return { type: 'ModifiedCrontab', detail: { site: 'site', uid: 'a', version, change: 'saved' } };
}

/** The end of a run with the longest messages: 20 of 500 characters that take three bytes each. */
function longest(n: number): Event {
  const messages = Array.from({ length: 20 }, () => '時'.repeat(500));
  return {
    type: 'FinishedCronJob',
    detail: { ...RUN, log: { ...LOG, id: String(n), status: 'WARN', messages } },
  };
}

/** The contract of Events. `make` returns a fresh instance. */
export function eventsContract(name: string, make: () => Promise<EventsUnderTest>) {
  describe(`${name} as Events`, () => {
    let subject: EventsUnderTest;

    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.close());

    test.each(EACH_KIND.map((event): [string, Event] => [event.type, event]))(
      'A %s event (case %#) arrives as it was published',
      async (_, event) => {
        await subject.events.publish(event);
        expect(await subject.received(1)).toEqual([event]);
      },
    );

    test('Events of one call arrive in its order, before those of the next call', async () => {
      await subject.events.publish(...EACH_KIND);
      await subject.events.publish(modified(6));
      expect(await subject.received(EACH_KIND.length + 1)).toEqual([...EACH_KIND, modified(6)]);
    });

    test('One call publishes any number of events', async () => {
      const many = Array.from({ length: 23 }, (_, n) => modified(n + 1));
      await subject.events.publish(...many);
      expect(await subject.received(many.length)).toEqual(many);
    });

    test('One call publishes the longest events, even when together they exceed the limit of the medium', async () => {
      const many = Array.from({ length: 12 }, (_, n) => longest(n));
      await subject.events.publish(...many);
      expect(await subject.received(many.length)).toEqual(many);
    });

    test('A call without events publishes nothing', async () => {
      await subject.events.publish();
      await subject.events.publish(modified(1));
      expect(await subject.received(1)).toEqual([modified(1)]);
    });
  });
}
