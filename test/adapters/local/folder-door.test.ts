import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Folder, folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { acquireLock } from '../../../lib/adapters/local/instance-lock.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DOOR = { address: 'http://127.0.0.1:4242', version: '1.2.3', pid: process.pid };

let dir: string;
let folder: Folder;
let door: FolderDoor;
beforeEach(() => {
  dir = tempFolder();
  folder = folderOf(dir);
  door = new FolderDoor(dir);
});

const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('the token of a folder', () => {
  it('The token has 256 bits, survives restarts, and only its owner can read it', () => {
    const token = door.token();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(new FolderDoor(dir).token()).toBe(token);
    expect(readFileSync(folder.token, 'utf8')).toBe(`${token}\n`);
    expect(modeOf(folder.token)).toBe(0o600);
    expect(new FolderDoor(tempFolder()).token()).not.toBe(token);
  });

  it.each([0o640, 0o604, 0o620, 0o602])(
    'A token in a file with mode %o is replaced at the next start',
    (mode) => {
      const token = door.token();
      chmodSync(folder.token, mode);
      const renewed = new FolderDoor(dir).token();
      expect(renewed).not.toBe(token);
      expect(modeOf(folder.token)).toBe(0o600);
      // The process that runs takes it over.
      expect(door.token()).toBe(renewed);
    },
  );

  it.each(['', 'short', `${'a'.repeat(42)}/`])(
    'A file that contains "%s" instead of a token is replaced',
    (text) => {
      mkdirSync(dirname(folder.token));
      writeFileSync(folder.token, text, { mode: 0o600 });
      expect(door.token()).toMatch(/^[\w-]{43}$/);
    },
  );

  it('A link in the place of the token is replaced and not followed', () => {
    const other = join(dir, 'other');
    writeFileSync(other, 'a'.repeat(43), { mode: 0o600 });
    mkdirSync(dirname(folder.token));
    symlinkSync(other, folder.token);
    expect(door.token()).not.toBe('a'.repeat(43));
    expect(readFileSync(other, 'utf8')).toBe('a'.repeat(43));
  });

  it('A process keeps the token while its file is gone', () => {
    const token = door.token();
    rmSync(folder.token);
    expect(door.token()).toBe(token);
    expect(existsSync(folder.token)).toBe(false);
  });

  it('A token that cannot be written is refused with the fix, and leaves no draft', () => {
    mkdirSync(folder.token, { recursive: true });
    expect(() => door.token()).toThrow(ConfigurationError);
    expect(() => door.token()).toThrow(
      /^Cannot write .*token: .*\. Free disk space, or make its folder writable\.$/,
    );
    expect(readdirSync(dirname(folder.token))).toEqual(['token']);
    rmSync(dirname(folder.token), { recursive: true });
    writeFileSync(dirname(folder.token), '');
    expect(() => door.token()).toThrow(ConfigurationError);
  });
});

describe('the door of a folder', () => {
  function lock(): void {
    onTestFinished(acquireLock(folder.pid, process.pid));
  }

  it('Without a scheduler the folder has no door', () => {
    expect(door.current()).toBeUndefined();
  });

  it('The door file says where the scheduler answers, to its owner alone, until it is taken back', () => {
    lock();
    const close = door.open(DOOR);
    expect(new FolderDoor(dir).current()).toEqual({ ...DOOR, token: door.token() });
    expect(JSON.parse(readFileSync(folder.door, 'utf8'))).toEqual({ ...DOOR, token: door.token() });
    expect(modeOf(folder.door)).toBe(0o600);
    close();
    expect(existsSync(folder.door)).toBe(false);
    expect(door.current()).toBeUndefined();
  });

  it('A new token is in the door file at once', () => {
    lock();
    door.open(DOOR);
    const token = new FolderDoor(dir).renew();
    expect(JSON.parse(readFileSync(folder.door, 'utf8'))).toEqual({ ...DOOR, token });
    expect(door.token()).toBe(token);
  });

  it('The file of a process that has died is no door, and a new token does not renew it', () => {
    door.open(DOOR);
    expect(door.current()).toBeUndefined();
    const before = readFileSync(folder.door, 'utf8');
    door.renew();
    expect(readFileSync(folder.door, 'utf8')).toBe(before);
  });

  it('The file of an earlier process is no door of the one that runs', () => {
    lock();
    door.open({ ...DOOR, pid: process.pid + 1 });
    expect(door.current()).toBeUndefined();
  });

  it.each(['', '[]', '{"address":"http://127.0.0.1:1"}', 'null'])(
    'A file that contains %s is no door',
    (text) => {
      lock();
      mkdirSync(dirname(folder.door), { recursive: true });
      writeFileSync(folder.door, text, { mode: 0o600 });
      expect(door.current()).toBeUndefined();
    },
  );

  it('A file that others could have written is no door', () => {
    lock();
    door.open(DOOR);
    chmodSync(folder.door, 0o606);
    expect(door.current()).toBeUndefined();
  });

  it('Taking the door back succeeds although the state is out of reach', () => {
    const close = door.open(DOOR);
    rmSync(dirname(folder.door), { recursive: true });
    writeFileSync(dirname(folder.door), '');
    expect(close).not.toThrow();
  });
});
