// cspell:ignore mkfifo
/** Makes a named pipe: a program that opens it waits until another one writes into it. */
import { execFileSync } from 'node:child_process';

export function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}
