/**
 * The crontabs of a folder for a program. The scheduler that runs does every call, and the program receives its events. Without
 * one this process does them. A scheduler may start and end while the folder is open, so each call chooses who does it.
 */
import { type FolderOptions, openFolderTarget } from '../adapters/local/folder-target.ts';
import { LocalEvents } from '../adapters/local/local-events.ts';
import { SchedulerEvents } from '../adapters/local/scheduler-events.ts';
import type { Call } from '../app/door/call.ts';
import type { Event } from '../core/domain/event.ts';
import { once } from '../core/domain/once.ts';
import type { Client } from './client.ts';
import { clientFor } from './folder-client.ts';
import { ownClient } from './own-client.ts';

export type { FolderOptions };

export interface OwnFolder extends Client {
  /** Calls the listener with each event of the crontab, until the returned function is called. */
  subscribe(listen: (event: Event) => void | Promise<void>): () => void;
}

/** Throws ConfigurationError if the state of the folder cannot be opened. */
export async function openOwnFolder(dir: string, options: FolderOptions): Promise<OwnFolder> {
  const events = new LocalEvents(options.logger);
  let opened: Client | undefined;
  let stream: SchedulerEvents | undefined;
  const own = once(async () => {
    const place = await openFolderTarget(dir, options);
    place.subscribe((event) => events.publish(event));
    opened = ownClient(place);
    return opened;
  });
  const current = () => clientFor(dir, own);
  const call = (async (...request: Parameters<Call>) => {
    await stream?.connect();
    return (await current()).call(...request);
  }) as Call;
  return {
    ...(await current()),
    call,
    runners: async () => (await current()).runners(),
    subscribe(listen) {
      stream ??= new SchedulerEvents(dir, (event) => void events.publish(event));
      return events.subscribe(listen);
    },
    async [Symbol.asyncDispose]() {
      stream?.stop();
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
