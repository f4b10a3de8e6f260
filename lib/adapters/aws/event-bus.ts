/** The Events on EventBridge: publishes on the deployment's bus, to which rules subscribe. */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Event, Events } from '../../core/ports/events.ts';
import { retryUntilDefined } from '../../core/ports/retry.ts';
import { translatingErrors } from './errors.ts';

/** What the bus is made of. `clock` times the pauses before what was refused is sent again. */
export interface EventBusParts {
  readonly client: EventBridgeClient;
  readonly bus: string;
  readonly clock: Clock;
}

/** The source of all events, for the patterns of rules. */
const EVENT_SOURCE = 'cloudtab';

/** EventBridge takes 10 entries and 256 KB a call; the latter counts all entries, with some bytes for each. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 250_000;

/** So many names of sites, of 16 characters each, fit into an entry. */
const MAX_SITES = 10_000;

/** How long to wait before what was refused is sent again; then it is given up. */
const DELAYS = [100, 400, 1600];

export class EventBus implements Events {
  readonly #client: EventBridgeClient;
  readonly #bus: string;
  readonly #clock: Clock;

  constructor({ client, bus, clock }: EventBusParts) {
    this.#client = client;
    this.#bus = bus;
    this.#clock = clock;
  }

  async publish(...events: readonly Event[]): Promise<void> {
    const entries = events.map((event) => ({
      EventBusName: this.#bus,
      Source: EVENT_SOURCE,
      DetailType: event.type,
      Detail: JSON.stringify(detailOf(event)),
    }));
    for (const batch of batches(entries)) await this.#send(batch);
  }

  /** One after the other, so that the order is kept; what is refused and sent again may still come later. */
  async #send(batch: readonly PutEventsRequestEntry[]): Promise<void> {
    const what = `Cannot send ${batch.length} events to the bus ${this.#bus}`;
    let left = batch;
    let refusals: readonly PutEventsResultEntry[] = [];
    const isSent = await retryUntilDefined(this.#clock, DELAYS, async () => {
      const command = new PutEventsCommand({ Entries: [...left] });
      const { FailedEntryCount, Entries = [] } = await translatingErrors(what, () =>
        this.#client.send(command),
      );
      if (!FailedEntryCount) return true;
      left = left.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
      refusals = Entries.filter((entry) => entry.ErrorCode !== undefined);
      return undefined;
    });
    if (isSent) return;
    const reasons = new Set(refusals.map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`));
    throw new UnavailableError(
      `${what}: ${left.length} were refused ${DELAYS.length + 1} times (${[...reasons].join('; ')}). Try again later.`,
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
    if (last && last.length < MAX_ENTRIES && size <= room) {
      last.push(entry);
      room -= size;
    } else {
      all.push([entry]);
      room = MAX_BYTES - size;
    }
  }
  return all;
}

/** What is published of the event. Only a list of sites has no limit of its own that keeps it within an entry. */
function detailOf(event: Event): Event['detail'] {
  return event.type === 'ServerRestart' ? { sites: event.detail.sites.slice(0, MAX_SITES) } : event.detail;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
