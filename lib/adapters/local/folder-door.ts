/**
 * The door of a folder's dashboard: the token, which survives restarts, so that a bookmark does too, and where the scheduler
 * that runs answers. Both are in files for the owner of the folder alone.
 */
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { newToken } from '../new-token.ts';
import { type Folder, folderOf } from './folder.ts';
import { lockHolder } from './instance-lock.ts';
import { readPrivate, removePrivate, writePrivate } from './private-file.ts';

/** Where a scheduler answers. */
export interface Door {
  /** Such as `http://127.0.0.1:4242`. */
  readonly address: string;
  readonly token: string;
  /** The version of the program that runs. */
  readonly version: string;
  readonly pid: number;
  /** It answers no more, and ends when its runs have ended. */
  readonly isStopping?: true;
}

const TOKEN = /^[\w-]{43}$/;

export class FolderDoor {
  readonly #folder: Folder;
  #token = '';

  constructor(dir: string) {
    this.#folder = folderOf(dir);
  }

  /**
   * The present token: that of the file, which another process may have changed. The last one while the file is missing or
   * cannot be read. Makes the first one, and a new one if others may have read it before.
   */
  token(): string {
    const stored = readPrivate(this.#folder.token)?.trim();
    if (stored !== undefined && TOKEN.test(stored)) this.#token = stored;
    return this.#token === '' ? this.renew() : this.#token;
  }

  /** Makes a new token, which a scheduler that runs uses at once. */
  renew(): string {
    const token = newToken();
    writePrivate(this.#folder.token, `${token}\n`);
    this.#token = token;
    const door = this.current();
    if (door) this.#publish(door);
    return token;
  }

  /** Publishes where this process answers, which holds the lock of the folder. Returns a function that takes it back. */
  open(door: Omit<Door, 'token'>): () => void {
    this.#publish({ ...door, token: this.token() });
    return () => removePrivate(this.#folder.door);
  }

  /** The ID of the process that runs the crontab, 0 for a moment at its start and end. Undefined if none does. */
  holder(): number | undefined {
    return lockHolder(this.#folder.pid);
  }

  /**
   * Where the scheduler answers. Undefined if none holds the lock: a process that died leaves its file, and anyone may listen at
   * its address since.
   */
  current(): Door | undefined {
    const door = this.#read();
    return door !== undefined && door.pid === this.holder() ? { ...door, token: this.token() } : undefined;
  }

  #publish({ address, token, version, pid, isStopping }: Door): void {
    const door = { address, token, version, pid, isStopping };
    writePrivate(this.#folder.door, `${JSON.stringify(door, null, 2)}\n`);
  }

  #read(): Omit<Door, 'token'> | undefined {
    const { address, version, pid, isStopping } = parseJsonObject(readPrivate(this.#folder.door) ?? '') ?? {};
    const isDoor = typeof address === 'string' && typeof version === 'string' && typeof pid === 'number';
    return isDoor ? { address, version, pid, ...(isStopping === true && { isStopping }) } : undefined;
  }
}
