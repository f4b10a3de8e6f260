/** A folder whose calls this process does, with its own runners, and whose crontab it may run. */
import { type FolderOptions, openFolderTarget } from '../adapters/local/folder-target.ts';
import type { Event } from '../core/domain/event.ts';
import type { Client } from './client.ts';
import { ownClient } from './own-client.ts';

export type { FolderOptions };

export interface OwnFolder extends Client {
  /** Calls the listener with each event of this process, until the returned function is called. */
  subscribe(listen: (event: Event) => void | Promise<void>): () => void;
}

/** Throws ConfigurationError if `run` is set and another process runs the crontab. */
export async function openOwnFolder(dir: string, options: FolderOptions): Promise<OwnFolder> {
  const place = await openFolderTarget(dir, options);
  return { ...ownClient(place), subscribe: (listen) => place.subscribe(listen) };
}
