/** The Events on EventBridge: the deployment's bus, for whoever subscribes with a rule. */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { UnavailableError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Event, Events } from '../ports/events.ts';
import { pause } from '../system/clock.ts';
import { asking } from './errors.ts';

/** What the bus is made of. `clock` times the pauses before what was refused is sent again. */
export interface EventBusParts {
  readonly client: EventBridgeClient;
  readonly bus: string;
  readonly clock: Clock;
}

/** The source of all events, for the patterns of rules. */
const EVENT_SOURCE = 'cloudtab';

/** EventBridge takes 10 entries and 256 KB a call; the latter counts all entries, with some bytes for each. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 250_000;

/** The longest detail: the rest of an entry has a name or two, and a batch must hold at least one. */
const MOST_DETAIL_BYTES = 200_000;

/** How long to wait before what was refused is sent again; then it is given up. */
const PAUSES = [100, 400, 1600];

export class EventBus implements Events {
  readonly #client: EventBridgeClient;
  readonly #bus: string;
  readonly #clock: Clock;

  constructor({ client, bus, clock }: EventBusParts) {
    this.#client = client;
    this.#bus = bus;
    this.#clock = clock;
  }

  async emit(...events: readonly Event[]): Promise<void> {
    const entries = events.map((event) => ({
      EventBusName: this.#bus,
      Source: EVENT_SOURCE,
      DetailType: event.type,
      Detail: detailText(event),
    }));
    for (const batch of batches(entries)) await this.#send(batch);
  }

  /** One after the other, so that the order is kept; what is refused and sent again may still come later. */
  async #send(batch: readonly PutEventsRequestEntry[]): Promise<void> {
    const what = `Cannot send ${batch.length} events to the bus ${this.#bus}`;
    let left = batch;
    let refusals: readonly PutEventsResultEntry[] = [];
    for (const wait of [0, ...PAUSES]) {
      if (wait > 0) await pause(this.#clock, wait);
      const command = new PutEventsCommand({ Entries: [...left] });
      const { FailedEntryCount, Entries = [] } = await asking(what, () => this.#client.send(command));
      if (!FailedEntryCount) return;
      left = left.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
      refusals = Entries.filter((entry) => entry.ErrorCode !== undefined);
    }
    const reasons = new Set(refusals.map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`));
    throw new UnavailableError(
      `${what}: ${left.length} were refused ${PAUSES.length + 1} times (${[...reasons].join('; ')}). Try again later.`,
    );
  }
}

/** The entries in as few calls as their number and size allow, in their order. */
function batches(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const all: PutEventsRequestEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = bytes(JSON.stringify(entry));
    const last = all.at(-1);
    if (last && last.length < MOST_ENTRIES && size <= room) {
      last.push(entry);
      room -= size;
    } else {
      all.push([entry]);
      room = MOST_BYTES - size;
    }
  }
  return all;
}

/** The detail as JSON; what would be too long for an entry says so, and where the whole stands. */
function detailText(event: Event): string {
  const text = JSON.stringify(event.detail);
  return bytes(text) <= MOST_DETAIL_BYTES ? text : JSON.stringify(shortened(event));
}

function shortened(event: Event): Event['detail'] {
  switch (event.type) {
    case 'FinishedCronJob': {
      const messages = ['… too long for an event: see the log'];
      return { ...event.detail, log: { ...event.detail.log, messages } };
    }
    case 'RejectedParameter': {
      const got = `${event.detail.problems.length} problems, too long for an event`;
      const cure = 'See them on the dashboard, or with `cloudtab ls`.';
      return { ...event.detail, problems: [{ where: 'value', got, wanted: 'none', cure }] };
    }
    case 'ServerRestart':
      return { sites: event.detail.sites.slice(0, MOST_DETAIL_BYTES / 40) };
    default:
      return event.detail;
  }
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
