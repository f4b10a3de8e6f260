/**
 * Splits the output of a program into lines, within bounds. It takes every byte, so that the program never waits, and writes
 * a few lines at a time, so that other runs do not wait either.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isStackFrame } from '../core/domain/stack-frame.ts';
import { byteLength, truncateBytes } from '../core/domain/truncate-bytes.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { OutputStream } from '../core/ports/programs.ts';
import type { RedactedStream, RunContext } from '../core/ports/runners.ts';

/** The beginning of the output that one run writes. */
export const MAX_OUTPUT_BYTES = 1024 * 1024;
export const MAX_OUTPUT_LINES = 10_000;
export const MAX_LINE_BYTES = 8 * 1024;

/** The part of the standard error that is kept for its last lines: they are whole, even behind a long secret. */
const KEPT_BYTES = 64 * 1024;
const LINES_A_TURN = 100;
const LAST_LINES = 5;
const LAST_CHARACTERS = 1000;

export interface OutputOptions {
  /** Called with each line. */
  readonly write: (stream: OutputStream, line: string) => void;
  /** Takes the secrets out of a stream, before it is divided into lines. */
  readonly redactedStream: () => RedactedStream;
}

/** One stream, on its way from bytes to lines. */
interface Stream {
  readonly decoder: InstanceType<typeof TextDecoder>;
  readonly redacted: RedactedStream;
  /** The beginning of the line whose end has not come yet. */
  line: string;
  /** The rest is not read: the end of what was read may be the half of a secret. */
  isCut: boolean;
}

export class ProgramOutput {
  readonly #options: OutputOptions;
  readonly #streams: Readonly<Record<OutputStream, Stream>>;
  /** The end of the standard error, also of what is no longer written. */
  #lastErrors: Uint8Array = new Uint8Array();
  readonly #waiting: (readonly [OutputStream, string])[] = [];
  #isWriting = false;
  /** Resolves when no line is waiting. */
  #written = Promise.resolve();
  #bytes = 0;
  #lines = 0;
  #dropped = 0;

  constructor(options: OutputOptions) {
    this.#options = options;
    const stream = () => ({
      decoder: new TextDecoder(),
      redacted: options.redactedStream(),
      line: '',
      isCut: false,
    });
    this.#streams = { stdout: stream(), stderr: stream() };
  }

  take(name: OutputStream, bytes: Uint8Array): void {
    if (name === 'stderr') this.#lastErrors = Buffer.concat([this.#lastErrors, bytes]).subarray(-KEPT_BYTES);
    const stream = this.#streams[name];
    const kept = bytes.subarray(0, MAX_OUTPUT_BYTES - this.#bytes);
    this.#bytes += kept.length;
    this.#dropped += bytes.length - kept.length;
    stream.isCut ||= kept.length < bytes.length;
    // Bytes that are no UTF-8 become the replacement character.
    this.#add(name, stream.redacted.write(stream.decoder.decode(kept, { stream: true })));
    this.#startWriting();
  }

  /** Writes what follows the last line end. Returns how many bytes were left out. */
  async end(): Promise<number> {
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.#streams[name];
      const { decoder, redacted, isCut } = stream;
      const rest = redacted.write(decoder.decode()) + redacted.end();
      if (!isCut) this.#add(name, rest);
      if (this.#isFull) this.#dropped += byteLength(stream.line);
      else if (stream.line !== '') this.#endLine(name);
    }
    this.#startWriting();
    await this.#written;
    return this.#dropped;
  }

  /** The last lines of the standard error, or the error before its stack trace, without secrets; empty if there are none. */
  get lastErrors(): string {
    const redacted = this.#options.redactedStream();
    const text = redacted.write(new TextDecoder().decode(this.#lastErrors)) + redacted.end();
    return tellingLines(text.trimEnd().split('\n')).slice(-LAST_LINES).join('\n').slice(-LAST_CHARACTERS);
  }

  /** Adds the text to the line that it continues, and ends a line at each line end. */
  #add(name: OutputStream, text: string): void {
    const stream = this.#streams[name];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1 && !this.#isFull; end = text.indexOf('\n', start)) {
      stream.line = this.#lengthened(stream.line, text.slice(start, end));
      this.#endLine(name);
      start = end + 1;
    }
    if (this.#isFull) this.#dropped += byteLength(text.slice(start));
    else stream.line = this.#lengthened(stream.line, text.slice(start));
  }

  get #isFull(): boolean {
    return this.#lines >= MAX_OUTPUT_LINES;
  }

  /** Keeps a little more than is written, so that it is seen that a line was cut. */
  #lengthened(line: string, text: string): string {
    const kept = text.slice(0, Math.max(0, MAX_LINE_BYTES + 1 - line.length));
    this.#dropped += byteLength(text.slice(kept.length));
    return line + kept;
  }

  #endLine(name: OutputStream): void {
    const stream = this.#streams[name];
    const whole = stream.line.replace(/\r$/, '');
    stream.line = '';
    const { text, bytes } = truncateBytes(whole, MAX_LINE_BYTES);
    if (text !== whole) this.#dropped += byteLength(whole) - bytes;
    this.#lines++;
    this.#waiting.push([name, text]);
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

/** What may follow a stack trace at the end of a crash: nothing, the fields of the error, the version of Node.js. */
const AFTER_STACK = /^(?:\s.*|\}|Node\.js v.*)?$/;

/** Without the stack trace at the end and what follows it: the error above it. Else all lines. */
function tellingLines(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex(isStackFrame);
  if (end < 1 || !lines.slice(end + 1).every((line) => AFTER_STACK.test(line))) return lines;
  const above = lines.slice(lines.lastIndexOf('', end) + 1, end).filter((line) => !isStackFrame(line));
  return above.length > 0 ? above : lines;
}

/** The output of what a run starts: each line is one of the run. */
export function outputOfRun({
  logger,
  redactedStream,
}: Pick<RunContext, 'logger' | 'redactedStream'>): ProgramOutput {
  return new ProgramOutput({ write: (stream, line) => logger.info(line, { stream }), redactedStream });
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
