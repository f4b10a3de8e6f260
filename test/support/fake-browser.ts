/** A program in the place of the one that opens files in the user's browser. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { tempFolder } from './temp-folder.ts';

/** The argument of the program, and the text of the file that it names. */
export interface Opened {
  readonly file: string;
  readonly text: string;
}

/** Puts it in front of all other programs until `vi.unstubAllEnvs`. Returns a function that waits until it was started. */
export function fakeBrowser(): () => Promise<Opened> {
  const folder = tempFolder();
  const seen = join(folder, 'seen');
  for (const name of ['open', 'xdg-open']) {
    const script = `#!/bin/sh\n{ printf '%s\\n' "$*"; cat "$1"; } > '${seen}.draft' && mv '${seen}.draft' '${seen}'\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  return async () => {
    await vi.waitFor(() => existsSync(seen) || Promise.reject(new Error('No browser was started')), 5000);
    const [file = '', ...lines] = readFileSync(seen, 'utf8').split('\n');
    return { file, text: lines.join('\n') };
  };
}
