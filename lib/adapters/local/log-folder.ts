/** The folder of log files, one per UTC day. A line that cannot be written is counted, and never stops its writer. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../core/domain/errors.ts';
import { logLine } from '../log-line.ts';
import { makeFolder } from './folder.ts';
import { appendPrivate } from './private-file.ts';

export class LogFolder {
  readonly #dir: string;
  readonly #warn: (text: string) => void;
  #lostLines = 0;

  /**
   * `warn` is called once per series of losses, and writes to stderr by default. Throws ConfigurationError when the folder
   * cannot be created.
   */
  constructor(dir: string, warn: (text: string) => void = (text) => void process.stderr.write(text)) {
    makeFolder(dir);
    this.#dir = dir;
    this.#warn = warn;
  }

  /**
   * Appends the line. Never throws; the first line after a loss is preceded by the number of lost lines, which is also kept
   * for `losses`.
   */
  append(time: number, line: string): void {
    const loss = this.#lostLines > 0 ? `${this.#lossLine(time)}\n` : '';
    try {
      this.#write(logFileOf(this.#dir, time), `${loss}${line}\n`);
      if (loss) this.#write(lossFileOf(this.#dir), loss);
      this.#lostLines = 0;
    } catch (error) {
      this.#lostLines += 1;
      if (this.#lostLines === 1) this.#warn(warningOf(this.#dir, error));
    }
  }

  #lossLine(time: number): string {
    const count = this.#lostLines;
    const message = `${count} earlier log line(s) could not be written`;
    return logLine(time, 'warn', message, { code: 'log-lines-lost', count });
  }

  #write(file: string, text: string): void {
    try {
      appendPrivate(file, text);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      // The folder was removed while the process runs.
      makeFolder(this.#dir);
      appendPrivate(file, text);
    }
  }
}

/** Why no line can be appended to the log of that day; undefined if it can be, or if the folder does not exist. */
export function logFailure(dir: string, time: number): string | undefined {
  if (!existsSync(dir)) return undefined;
  const file = logFileOf(dir, time);
  try {
    if (existsSync(file)) appendPrivate(file, '');
    tryWriting(join(dir, `.doctor-${process.pid}`));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Permissions do not show that a disk is full. */
function tryWriting(file: string): void {
  try {
    appendPrivate(file, 'x'.repeat(4096));
  } finally {
    rmSync(file, { force: true });
  }
}

/** Log lines that were lost, in all processes, until they could be written again. */
export interface Losses {
  readonly count: number;
  /** Keeps the losses: until it is deleted, they are reported. */
  readonly file: string;
}

/** Undefined if no loss is known. A folder that cannot be read is left to `logFailure`. */
export function losses(dir: string): Losses | undefined {
  const file = lossFileOf(dir);
  const counts = linesOf(file).map(countOf);
  const count = counts.reduce((sum, lost) => sum + lost, 0);
  return count > 0 ? { count, file } : undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** 0 for a line that was written in part. */
function countOf(line: string): number {
  return Number(/"count":(\d+)\}$/.exec(line)?.[1] ?? 0);
}

/** The file with the lines of that UTC day. */
export function logFileOf(dir: string, time: number): string {
  return join(dir, `${new Date(time).toISOString().slice(0, 10)}.jsonl`);
}

function lossFileOf(dir: string): string {
  return join(dir, 'lost-lines.jsonl');
}

function warningOf(dir: string, error: unknown): string {
  return (
    `Cannot write to the log folder ${dir}: ${messageOf(error)}. Crons go on, and their log lines are lost until it can be ` +
    'written again. Free disk space, or make the folder writable.\n'
  );
}
