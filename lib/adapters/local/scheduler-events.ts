/** The events of the scheduler of a folder: of whichever runs, also one that starts later. */
import type { Event } from '../../core/domain/event.ts';
import { systemClock } from '../system-clock.ts';
import { setClockInterval } from './clock-interval.ts';
import { FolderDoor } from './folder-door.ts';
import { eventsOf } from './scheduler-client.ts';

/** How often it looks whether a scheduler has started, in milliseconds. */
const INTERVAL_MS = 1_000;

export class SchedulerEvents {
  readonly #door: FolderDoor;
  readonly #listen: (event: Event) => void;
  readonly #stopping = new AbortController();
  readonly #stopInterval: () => void;
  /** Settled once the scheduler sends its events; absent while none does. */
  #stream: Promise<void> | undefined;

  constructor(dir: string, listen: (event: Event) => void) {
    this.#door = new FolderDoor(dir);
    this.#listen = listen;
    this.#stopInterval = setClockInterval(INTERVAL_MS, systemClock, () => void this.connect());
    void this.connect();
  }

  /** Resolves once the events of the scheduler arrive from now on, if one runs and answers. */
  async connect(): Promise<void> {
    const door = this.#stream ? undefined : this.#door.current();
    if (door) {
      this.#stream = eventsOf(door, this.#stopping.signal).then(
        (events) => void this.#follow(events),
        () => this.#forget(),
      );
    }
    await this.#stream;
  }

  stop(): void {
    this.#stopInterval();
    this.#stopping.abort();
  }

  async #follow(events: AsyncIterable<Event>): Promise<void> {
    try {
      for await (const event of events) this.#listen(event);
    } catch {
      // The scheduler has ended; another may start.
    }
    this.#forget();
  }

  #forget(): void {
    this.#stream = undefined;
  }
}
