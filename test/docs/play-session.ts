/** Plays sessions of the documentation on a folder with the sample crontab, at a terminal of 80 columns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { openFolderTarget } from '../../lib/adapters/local/folder-target.ts';
import { writeSample } from '../../lib/adapters/local/sample.ts';
import { DEFAULT_SITE } from '../../lib/core/domain/names.ts';
import { main } from '../../lib/surfaces/cli/main.ts';
import { openFolder } from '../../lib/surfaces/sdk/crontabs.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import type { Session } from './commands.ts';

const COLUMNS = 80;
const FOLDER = '.cloudtab';

export interface PlayedStep {
  readonly command: string;
  readonly output: string;
  readonly exitCode: number;
}

/** Changes the working directory of this process and its output streams until the session has ended. */
export async function playSession({ steps }: Session): Promise<PlayedStep[]> {
  const directory = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-session-'));
  process.chdir(folder);
  try {
    {
      await using target = await openFolderTarget(FOLDER, { logger: new MemoryLogger() });
      await writeSample(target.ports.registry, DEFAULT_SITE, 'UTC');
    }
    await using _running = await openFolder(FOLDER, { keep: true });
    const played: PlayedStep[] = [];
    for (const { command, args } of steps) played.push({ command, ...(await capture(() => main(args))) });
    return played;
  } finally {
    process.chdir(directory);
    rmSync(folder, { recursive: true });
  }
}

async function capture(command: () => Promise<number>): Promise<Omit<PlayedStep, 'command'>> {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map(({ write, isTTY, columns }) => ({ write, isTTY, columns }));
  let output = '';
  const write = (text: string | Uint8Array) => {
    output += stripVTControlCharacters(String(text));
    return true;
  };
  for (const stream of streams) Object.assign(stream, { write, isTTY: true, columns: COLUMNS });
  try {
    return { exitCode: await command(), output };
  } finally {
    for (const [index, stream] of streams.entries()) Object.assign(stream, originals[index]);
  }
}
