/**
 * What the operating system reports about the folders of parameters while they are watched. Only hints: they get lost, differ
 * between systems, end with a folder that is removed, and do not exist on network file systems. FolderWatch polls as well.
 */
import type { EventEmitter } from 'node:events';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ParameterKey } from '../../core/domain/names.ts';
import { cronsFolder, isAbsence, uidOfFile } from './parameter-files.ts';

export type Watch = (folder: string, options: { readonly persistent: false }) => Watcher;

/** The parts of an FSWatcher that are used. */
export type Watcher = Pick<EventEmitter, 'on'> & { close(): void };

/** A cron whose file may have changed; absent if anything else may have changed, such as the folder of a site. */
export type OnHint = (key?: ParameterKey) => void;

interface Watched {
  readonly inode: number;
  readonly watcher: Watcher;
}

export class FolderEvents {
  readonly #folder: string;
  readonly #watch: Watch;
  readonly #onHint: OnHint;
  readonly #watched = new Map<string, Watched>();
  #isRefused = false;

  constructor(folder: string, watch: Watch, onHint: OnHint) {
    this.#folder = folder;
    this.#watch = watch;
    this.#onHint = onHint;
  }

  /** Whether the system watches the folders. */
  get isComplete(): boolean {
    return !this.#isRefused && this.#watched.has(this.#folder);
  }

  /** Watches the folders of these sites, and no others. Call it again when a folder may have been replaced. */
  follow(sites: readonly string[]): void {
    if (this.#isRefused) return;
    const folders = new Map<string, string | undefined>([[this.#folder, undefined]]);
    for (const site of sites)
      folders.set(`${this.#folder}/${site}`, undefined).set(cronsFolder(this.#folder, site), site);
    for (const folder of this.#watched.keys()) if (!folders.has(folder)) this.#leave(folder);
    for (const [folder, site] of folders) this.#enter(folder, site);
  }

  close(): void {
    for (const folder of this.#watched.keys()) this.#leave(folder);
  }

  #enter(folder: string, site: string | undefined): void {
    const inode = inodeOf(folder);
    if (this.#watched.get(folder)?.inode === inode) return;
    this.#leave(folder);
    if (inode === undefined || this.#isRefused) return;
    try {
      const watcher = this.#watch(folder, { persistent: false });
      this.#watched.set(folder, { inode, watcher });
      watcher.on('change', (_, name) => this.#changed(folder, site, name?.toString()));
      watcher.on('error', () => this.#refuse());
    } catch (error) {
      if (!isAbsence(error)) this.#refuse();
    }
  }

  #changed(folder: string, site: string | undefined, name: string | undefined): void {
    // A new folder of the same path, even with the same inode, is not watched by a watch of the removed one.
    if (name === basename(folder)) this.#leave(folder);
    else if (site !== undefined && name !== undefined) {
      const uid = uidOfFile(name);
      if (uid !== undefined) this.#onHint({ site, uid });
      return;
    }
    this.#onHint();
  }

  /** Frees all watches, because other programs need some of the few that a user has. */
  #refuse(): void {
    this.#isRefused = true;
    this.close();
  }

  #leave(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }
}

/** Identifies a folder; undefined for anything else, which has no parameters. */
function inodeOf(folder: string): number | undefined {
  try {
    const stats = statSync(folder, { throwIfNoEntry: false });
    return stats?.isDirectory() ? stats.ino : undefined;
  } catch {
    return undefined;
  }
}
