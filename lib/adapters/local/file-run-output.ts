/** Reads the output of a run from the files that FileLogger writes. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputLine, RunSpan } from '../../core/ports/run-output.ts';

const DAY = 86_400_000;
const MAX_LINES = 1000;

/** The fields that have a place of their own in an OutputLine or on the page of the run. */
const STANDARD_FIELDS = new Set(['timestamp', 'level', 'message', 'site', 'uid', 'runId']);

export class FileRunOutput {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** At most the first 1,000 lines, oldest first; none when the files were deleted. Skips lines that are not JSON. */
  async read({ runId, from, to }: RunSpan): Promise<OutputLine[]> {
    const found: OutputLine[] = [];
    for (let day = Math.floor(from / DAY); day * DAY <= to; day++) {
      const file = `${new Date(day * DAY).toISOString().slice(0, 10)}.jsonl`;
      for await (const text of linesOf(join(this.#dir, file))) {
        // Most lines belong to other runs, and a search of the text is much faster than parsing.
        if (!text.includes(runId)) continue;
        const line = parsed(text);
        if (line?.runId === runId) found.push(lineOf(line));
        if (found.length >= MAX_LINES) return found;
      }
    }
    return found;
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    await using handle = await open(file);
    yield* handle.readLines();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

type Line = Readonly<Record<string, unknown>>;

function parsed(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

function lineOf(line: Line): OutputLine {
  const others = Object.fromEntries(Object.entries(line).filter(([name]) => !STANDARD_FIELDS.has(name)));
  return {
    time: Date.parse(String(line.timestamp)),
    level: String(line.level),
    message: String(line.message),
    ...(Object.keys(others).length > 0 ? { fields: JSON.stringify(others) } : {}),
  };
}
