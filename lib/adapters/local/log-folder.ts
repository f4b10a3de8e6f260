/** The folder of log files, one per UTC day. A line that cannot be written is counted, and never stops its writer. */
import { accessSync, appendFileSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { logLine } from '../log-line.ts';
import { makeFolder } from './folder.ts';

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

  /** Appends the line. Never throws; the first line after a loss is preceded by the number of lost lines. */
  append(time: number, line: string): void {
    try {
      this.#write(time, this.#lostLines > 0 ? `${this.#lossLine(time)}\n${line}` : line);
      this.#lostLines = 0;
    } catch (error) {
      this.#lostLines += 1;
      if (this.#lostLines === 1) this.#warn(warningOf(this.#dir, error));
    }
  }

  #write(time: number, text: string): void {
    const file = fileOf(this.#dir, time);
    try {
      appendFileSync(file, `${text}\n`);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      // The folder was removed while the process runs.
      makeFolder(this.#dir);
      appendFileSync(file, `${text}\n`);
    }
  }

  #lossLine(time: number): string {
    const count = this.#lostLines;
    const message = `${count} earlier log line(s) could not be written`;
    return logLine(time, 'WARN', message, { code: 'log-lines-lost', count });
  }
}

/** Why no line can be appended to the log of that day; undefined if it can be, or if the folder does not exist. */
export function logFailure(dir: string, time: number): string | undefined {
  const file = fileOf(dir, time);
  try {
    if (existsSync(file)) closeSync(openSync(file, 'a'));
    else if (existsSync(dir)) accessSync(dir, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function fileOf(dir: string, time: number): string {
  return join(dir, `${new Date(time).toISOString().slice(0, 10)}.jsonl`);
}

function warningOf(dir: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `Cannot write to the log folder ${dir}: ${reason}. Crons go on, and their log lines are lost until it can be ` +
    'written again. Free disk space, or make the folder writable.\n'
  );
}
