/**
 * Splits the output of a program into lines, within bounds. It takes every byte, so that the program never waits, and writes
 * a few lines at a time, so that other runs do not wait either.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { byteLength, truncateBytes } from '../core/domain/truncate-bytes.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { OutputStream } from '../core/ports/programs.ts';

/** The beginning of the output that one run writes. */
export const MAX_OUTPUT_BYTES = 1024 * 1024;
export const MAX_OUTPUT_LINES = 10_000;
export const MAX_LINE_BYTES = 8 * 1024;

/** More than a line may have: secrets are removed before the line is cut, since half a secret would not be found. */
const KEPT_BYTES = 2 * MAX_LINE_BYTES;
const LINES_A_TURN = 100;
const LAST_LINES = 5;
const LAST_CHARACTERS = 1000;
const LINE_END = 10;
const NOTHING = new Uint8Array();

export interface OutputOptions {
  /** Called with each line. */
  readonly write: (stream: OutputStream, line: string) => void;
  /** Takes the secrets out of a text. */
  readonly redact: (text: string) => string;
}

export class ProgramOutput {
  readonly #options: OutputOptions;
  /** The beginnings of lines whose end has not come yet. */
  readonly #partial = { stdout: NOTHING, stderr: NOTHING };
  /** The end of the standard error, also of what is no longer written. */
  #lastErrors = NOTHING;
  readonly #waiting: (readonly [OutputStream, string])[] = [];
  #isWriting = false;
  /** Resolves when no line is waiting. */
  #written = Promise.resolve();
  #bytes = 0;
  #lines = 0;
  #dropped = 0;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  take(stream: OutputStream, bytes: Uint8Array): void {
    if (stream === 'stderr') this.#lastErrors = joined(this.#lastErrors, bytes).slice(-KEPT_BYTES);
    const kept = bytes.subarray(0, MAX_OUTPUT_BYTES - this.#bytes);
    this.#bytes += kept.length;
    let start = 0;
    while (start < kept.length && this.#lines < MAX_OUTPUT_LINES) {
      const end = kept.indexOf(LINE_END, start);
      this.#add(stream, kept.subarray(start, end === -1 ? kept.length : end));
      start = end === -1 ? kept.length : end + 1;
      if (end !== -1) this.#endLine(stream);
    }
    this.#dropped += bytes.length - start;
    this.#startWriting();
  }

  /** Writes what follows the last line end. Returns how many bytes were left out. */
  async end(): Promise<number> {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { length } = this.#partial[stream];
      if (this.#lines >= MAX_OUTPUT_LINES) this.#dropped += length;
      else if (length > 0) this.#endLine(stream);
    }
    this.#startWriting();
    await this.#written;
    return this.#dropped;
  }

  /** The last lines of the standard error, without secrets; empty if there are none. */
  get lastErrors(): string {
    const lines = this.#options.redact(decoded(this.#lastErrors)).trimEnd().split('\n');
    return lines.slice(-LAST_LINES).join('\n').slice(-LAST_CHARACTERS);
  }

  #add(stream: OutputStream, bytes: Uint8Array): void {
    const room = KEPT_BYTES - this.#partial[stream].length;
    this.#partial[stream] = joined(this.#partial[stream], bytes.subarray(0, room));
    this.#dropped += Math.max(0, bytes.length - room);
  }

  #endLine(stream: OutputStream): void {
    const whole = this.#options.redact(decoded(this.#partial[stream]).replace(/\r$/, ''));
    const { text, bytes } = truncateBytes(whole, MAX_LINE_BYTES);
    if (text !== whole) this.#dropped += byteLength(whole) - bytes;
    this.#partial[stream] = NOTHING;
    this.#lines++;
    this.#waiting.push([stream, text]);
  }

  #startWriting(): void {
    if (!this.#isWriting) this.#written = this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      for (const [stream, line] of this.#waiting.splice(0, LINES_A_TURN)) this.#options.write(stream, line);
      if (this.#waiting.length > 0) await nextTurn();
    }
    this.#isWriting = false;
  }
}

/** Says how much of the output was left out, if anything was. */
export function reportDropped(logger: Logger, dropped: number): void {
  if (dropped === 0) return;
  const limit = `${MAX_OUTPUT_BYTES / 1024 / 1024} MB, ${MAX_OUTPUT_LINES} lines or ${MAX_LINE_BYTES / 1024} KB a line`;
  logger.warn(`The output is longer than ${limit}: ${dropped} bytes were left out.`, {
    code: 'output-cut',
    dropped,
  });
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** Bytes that are no UTF-8 become the replacement character. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
