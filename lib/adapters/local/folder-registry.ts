/**
 * The Registry on a folder, so that any editor is the console: `<site>/crontab.json` and `<site>/crons/<uid>.json`.
 * Writes a rejection to a note beside the file. Leaves noticing changes to folder-watch.ts.
 */
import { hash } from 'node:crypto';
import { type BigIntStats, lstatSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CloudtabError, InvalidError, UnavailableError } from '../../core/domain/errors.ts';
import { iso } from '../../core/domain/iso.ts';
import { type ParameterKey, parameterName } from '../../core/domain/names.ts';
import { sizeProblems } from '../../core/domain/parameter-size.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import type { Parameter, Registry, Version } from '../../core/ports/registry.ts';
import type { FileVersions } from './file-versions.ts';
import { isAbsence, isFileName, parameterFile, parameterKeys, rejectionFile } from './parameter-files.ts';
import { type FileKind, readRegular, replacePrivate } from './private-file.ts';

/** The part of a longer file that is read: enough to reject it. */
const MAX_READ = 64 * 1024;

const READ_AHEAD = 50;

/** How many files have been read, of how many. */
export interface Reading {
  readonly done: number;
  readonly of: number;
}

export class FolderRegistry implements Registry {
  readonly #folder: string;
  readonly #versions: FileVersions;
  #reading: Reading | undefined;

  /** The folder need not exist. `versions` must be the same one for every process that uses the folder. */
  constructor(folder: string, versions: FileVersions) {
    this.#folder = folder;
    this.#versions = versions;
  }

  /** How far the list that is being read has come; absent while none is read. */
  get reading(): Reading | undefined {
    return this.#reading;
  }

  async read(key: ParameterKey): Promise<Parameter | undefined> {
    return available(() => this.#look(key));
  }

  /**
   * Leaves out a file that cannot be read, so that the others are listed; `read` throws its error. Reads some files ahead, so
   * that their new versions share a transaction, and lets other work go on between.
   */
  async *list(): AsyncIterable<Parameter> {
    const keys = await available(() => parameterKeys(this.#folder));
    const read = (key: ParameterKey) => this.read(key).catch(() => undefined);
    try {
      for (let done = 0; done < keys.length; done += READ_AHEAD) {
        this.#reading = { done, of: keys.length };
        const parameters = await Promise.all(keys.slice(done, done + READ_AHEAD).map(read));
        for (const parameter of parameters) if (parameter) yield parameter;
        await nextTurn();
      }
    } finally {
      this.#reading = undefined;
    }
  }

  async write(key: ParameterKey, value: string, author?: string): Promise<Parameter> {
    const file = parameterFile(this.#folder, key);
    const problems = [...nameProblems(key), ...sizeProblems(value)];
    if (!file || problems.length > 0) throw new InvalidError(problems);
    return available(async () => {
      replacePrivate(file, value);
      const written = await this.#look(key, true);
      if (!written) throw new UnavailableError(`${file} was removed while it was written.`);
      if (author !== undefined && written.value === value) {
        await this.#versions.sign(parameterName('parameters', key), written.version, author);
      }
      return written;
    });
  }

  async remove(key: ParameterKey): Promise<void> {
    const file = parameterFile(this.#folder, key);
    const note = rejectionFile(this.#folder, key);
    if (!file || !note) return;
    await available(() => {
      remove(file);
      remove(note);
    });
    await this.#versions.recordRemoval(parameterName('parameters', key));
  }

  async labelRejected(parameter: Parameter, problems: readonly Problem[]): Promise<void> {
    const note = rejectionFile(this.#folder, parameter);
    const file = parameterFile(this.#folder, parameter);
    if (!note || !file) return;
    await available(async () => {
      if ((await this.#look(parameter))?.version !== parameter.version) return;
      replacePrivate(note, noteText(file, parameter, problems));
    });
  }

  async unlabelRejected(key: ParameterKey, version: number): Promise<void> {
    const note = rejectionFile(this.#folder, key);
    if (!note) return;
    await available(() => {
      // A later version may have been marked in the meantime.
      if (markedVersion(note) <= version) remove(note);
    });
  }

  async history(key: ParameterKey): Promise<Version[]> {
    const present = await this.read(key);
    return present ? this.#versions.history(parameterName('parameters', key)) : [];
  }

  async #look({ site, uid }: ParameterKey, isWritten = false): Promise<Parameter | undefined> {
    const key = uid === undefined ? { site } : { site, uid };
    const file = parameterFile(this.#folder, key);
    if (!file) return undefined;
    const name = parameterName('parameters', key);
    const stat = statOf(file);
    const bytes = stat?.isDirectory() ? undefined : stat && beginning(file, stat);
    if (!stat || !bytes) {
      await this.#versions.recordRemoval(name);
      return undefined;
    }
    // A program can set a file's modification time, but not its change time. The rest distinguishes writes in one tick.
    const stamp = `${stat.ctimeNs} ${stat.ino} ${hash('sha256', bytes)}`;
    const value = new TextDecoder().decode(bytes);
    const changed = Number(stat.ctimeNs / 1_000_000n);
    const version = await this.#versions.observe(name, stamp, changed, value, isWritten);
    return { ...key, value, ...version };
  }
}

async function available<Result>(step: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof CloudtabError) throw cause;
    throw new UnavailableError(`Cannot read or write the parameters: ${cause}.`, { cause });
  }
}

/** Of a link itself; nothing when there is no such file. */
function statOf(file: string): BigIntStats | undefined {
  try {
    return lstatSync(file, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** The beginning of the file; nothing when there is none. Throws ConfigurationError if it is a link or no regular file. */
function beginning(file: string, kind: FileKind): Uint8Array | undefined {
  try {
    return readRegular(file, MAX_READ, kind);
  } catch (error) {
    /* v8 ignore start -- @preserve: the file was deleted after stat, or is not readable */
    if (isAbsence(error)) return undefined;
    throw error;
    /* v8 ignore stop -- @preserve */
  }
}

/** A directory of that name is no parameter, and is left alone. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function nameProblems({ site, uid }: ParameterKey): Problem[] {
  const parts = uid === undefined ? { site } : { site, uid };
  return Object.entries(parts)
    .filter(([, name]) => !isFileName(name))
    .map(([where, name]) => ({
      where,
      got: formatValue(name),
      wanted: 'a file name without slashes that does not begin with a dot, of at most 200 bytes',
      fix: `Choose another ${where}.`,
    }));
}

function noteText(file: string, { version, modified }: Parameter, problems: readonly Problem[]): string {
  const parts = problems.map(
    ({ where, got, wanted, fix }) => `${where}\n  got:    ${got}\n  wanted: ${wanted}\n  fix:    ${fix}\n`,
  );
  return `${[
    `Version ${version} of ${basename(file)}, seen at ${iso(modified)}, was rejected.`,
    'The last good version stays in force; if there never was one, nothing is in force.',
    '',
    ...parts,
    'Fix the file and save it: cloudtab then deletes this note.',
  ].join('\n')}\n`;
}

/** The version that the note names; 0 when there is no note, or it names none. */
function markedVersion(note: string): number {
  try {
    return Number(/^Version (\d+) of /.exec(readFileSync(note, 'utf8'))?.[1] ?? 0);
  } catch (error) {
    if (isAbsence(error)) return 0;
    throw error;
  }
}
