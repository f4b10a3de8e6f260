import type { Stats } from 'node:fs';

/** A text that differs once the file was written, replaced or created again; empty for no file. */
export function stampOf(stats: Stats | undefined): string {
  // A program can set a file's modification time, but not its change time.
  return stats ? `${stats.ctimeMs} ${stats.mtimeMs} ${stats.ino} ${stats.size}` : '';
}
