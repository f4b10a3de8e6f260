/** Reads the output of a run from the files that file-logger.ts writes. */
import { open } from 'node:fs/promises';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import type { OutputLine, OutputPage, RunOutput, RunSpan } from '../../core/ports/run-output.ts';
import { MAX_PAGE_BYTES, outputLine, parsePosition } from '../output-line.ts';
import { logFileOf } from './log-folder.ts';

const DAY = 86_400_000;
const MAX_LINES = 1000;
const LINE_END = 10;

export class FileRunOutput implements RunOutput {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** At most 1,000 lines of 900 KB, but one at least if there is any; none when the files were deleted. Skips lines that are not JSON. */
  async read({ runId, from, to }: RunSpan, cursor?: string): Promise<OutputPage> {
    const lines: OutputLine[] = [];
    let bytes = 0;
    // The day since 1970, and how many bytes of its file were read.
    let [day, offset] = parsePosition(cursor) ?? [Math.floor(from / DAY), 0];
    for (const last = Math.floor(to / DAY); day <= last; ) {
      for await (const { text, end } of linesOf(logFileOf(this.#dir, day * DAY), offset)) {
        // Most lines belong to other runs, and a search of the text is much faster than parsing.
        const line = text.includes(runId) ? parseJsonObject(text) : undefined;
        if (line?.runId === runId) {
          const read = outputLine(line);
          bytes += Buffer.byteLength(JSON.stringify(read));
          const isFull = lines.length === MAX_LINES || (lines.length > 0 && bytes > MAX_PAGE_BYTES);
          if (isFull) return { lines, cursor: `${day}.${offset}`, hasMore: true };
          lines.push(read);
        }
        offset = end;
      }
      if (day === last) break;
      day += 1;
      offset = 0;
    }
    return { lines, cursor: `${day}.${offset}`, hasMore: false };
  }
}

/** The whole lines after that byte, each with the byte after its end. A line that is still being written is left out. */
async function* linesOf(file: string, start: number): AsyncGenerator<{ text: string; end: number }> {
  try {
    await using handle = await open(file);
    let rest: Buffer = Buffer.alloc(0);
    let end = start;
    for await (const chunk of handle.createReadStream({ start, autoClose: false })) {
      let bytes = Buffer.concat([rest, chunk as Buffer]);
      for (let length = bytes.indexOf(LINE_END); length >= 0; length = bytes.indexOf(LINE_END)) {
        end += length + 1;
        yield { text: bytes.toString('utf8', 0, length), end };
        bytes = bytes.subarray(length + 1);
      }
      rest = bytes;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
