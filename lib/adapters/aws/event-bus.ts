/** The Events on EventBridge: publishes to the deployment's event bus. */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { UnavailableError } from '../../core/domain/errors.ts';
import { type Event, type EventSelection, isFailure } from '../../core/domain/event.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Events } from '../../core/ports/events.ts';
import { retryUntilDefined } from '../../core/ports/retry.ts';
import { translatingErrors } from './errors.ts';
import { EVENT_SOURCE } from './event-source.ts';

/** `clock` times the delays between retries. */
export interface EventBusParts {
  readonly client: EventBridgeClient;
  readonly bus: string;
  /** The events that are published; others are discarded. Default: `all`. */
  readonly events?: EventSelection;
  readonly clock: Clock;
}

/** EventBridge accepts 10 entries and 256 KB in a call, including some bytes of overhead for each entry. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 250_000;

/** The number of sites, of 16 characters each, that fits into an entry. */
const MAX_SITES = 10_000;

/** The delays before entries that EventBridge refused are sent again. */
const DELAYS_MS = [100, 400, 1600];

export class EventBus implements Events {
  readonly #client: EventBridgeClient;
  readonly #bus: string;
  readonly #isSelected: (event: Event) => boolean;
  readonly #clock: Clock;

  constructor({ client, bus, events, clock }: EventBusParts) {
    this.#client = client;
    this.#bus = bus;
    this.#isSelected = events === 'failures' ? isFailure : () => true;
    this.#clock = clock;
  }

  async publish(...events: readonly Event[]): Promise<void> {
    const entries = events.filter(this.#isSelected).map((event) => ({
      EventBusName: this.#bus,
      Source: EVENT_SOURCE,
      DetailType: event.type,
      Detail: JSON.stringify(detailOf(event)),
    }));
    for (const batch of batches(entries)) await this.#send(batch);
  }

  /** Sends one batch. Entries that are refused and sent again may arrive after later ones. */
  async #send(batch: readonly PutEventsRequestEntry[]): Promise<void> {
    const what = `Cannot publish to the event bus ${this.#bus}`;
    let remaining = batch;
    let refusals: readonly PutEventsResultEntry[] = [];
    const isSent = await retryUntilDefined(this.#clock, DELAYS_MS, async () => {
      const command = new PutEventsCommand({ Entries: [...remaining] });
      const { FailedEntryCount, Entries = [] } = await translatingErrors(what, () =>
        this.#client.send(command),
      );
      if (!FailedEntryCount) return true;
      remaining = remaining.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
      refusals = Entries.filter((entry) => entry.ErrorCode !== undefined);
      return undefined;
    });
    if (isSent) return;
    const reasons = new Set(refusals.map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`));
    throw new UnavailableError(
      `${what}: EventBridge refused ${remaining.length} of ${batch.length} events ${DELAYS_MS.length + 1} times (${[...reasons].join('; ')}). Try again later.`,
    );
  }
}

/** Splits the entries, in their order, into as few calls as their number and size allow. */
function batches(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const all: PutEventsRequestEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
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

/** The published detail. A list of sites is cut, because only it can exceed the size of an entry. */
function detailOf(event: Event): Event['detail'] {
  return event.type === 'ServerRestart' ? { sites: event.detail.sites.slice(0, MAX_SITES) } : event.detail;
}
