/** The ports of a process beside the one that runs the crontab of its folder, which starts every run and announces every event. */

import type { Event } from '../../core/domain/event.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import type { Events } from '../../core/ports/events.ts';
import { acceptRun, type Starter } from './accept-run.ts';
import { type Door, FolderDoor } from './folder-door.ts';
import type { LocalEvents } from './local-events.ts';

export class BesideScheduler implements Events {
  readonly #laptop: Starter & { readonly events: LocalEvents };
  readonly #runners: object;
  readonly #door: FolderDoor;
  /** Once it did not answer, it is not waited for again. */
  #isDeaf = false;

  /** `runners` are those of this program, by name. */
  constructor(dir: string, laptop: Starter & { readonly events: LocalEvents }, runners: object) {
    this.#laptop = laptop;
    this.#runners = runners;
    this.#door = new FolderDoor(dir);
  }

  /** Runs with a runner that only this program has stay in this process, and so do all of them if no scheduler runs. */
  async deliver(delivery: Delivery): Promise<void> {
    const { cron } = await this.#laptop.ports.store.read(delivery.site, delivery.uid);
    const isOwn = cron?.value !== undefined && Object.hasOwn(this.#runners, cron.value.name);
    const door = isOwn ? undefined : this.#other();
    if (!door) return acceptRun(this.#laptop, delivery);
    const { deliverTo } = await import('./scheduler-client.ts');
    return deliverTo(door, delivery);
  }

  async publish(...events: readonly Event[]): Promise<void> {
    await this.#laptop.events.publish(...events);
    const door = this.#isDeaf ? undefined : this.#other();
    if (!door) return;
    const { announceTo } = await import('./scheduler-client.ts');
    try {
      for (const event of events) await announceTo(door, event);
    } catch {
      // The edit is in force; the scheduler arms it without the event.
      this.#isDeaf = true;
    }
  }

  #other(): Door | undefined {
    const door = this.#door.current();
    return door?.pid === process.pid ? undefined : door;
  }
}
