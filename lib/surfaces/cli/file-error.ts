/** Why the system did not read or write a file, in words. */

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'you may not do that',
  EPERM: 'you may not do that',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
};

/** The reason of an error that `node:fs` threw. */
export function fileReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}
