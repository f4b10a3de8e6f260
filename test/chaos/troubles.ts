/** The troubles of a computer that a scheduler lives through: each begins and ends while the process runs. */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Folder } from '../../lib/adapters/local/folder.ts';

export interface Trouble {
  readonly name: string;
  /** The codes of log lines that show that the trouble was felt, beside the lost log lines. */
  readonly signs: readonly string[];
  begin(pid: number, folder: Folder): void;
  end(pid: number, folder: Folder): void;
}

/** Fewer than any process has open: nothing more can be opened, not even for a moment. */
const TOO_FEW_DESCRIPTORS = 8;

export const TROUBLES: readonly Trouble[] = [
  {
    // Every write to a file fails, as on a full disk, which only a privileged user could prepare.
    name: 'full disk',
    signs: ['run-repeated', 'record-repeated'],
    begin: (pid) => limit(pid, 'fsize', '0'),
    end: (pid) => unlimit(pid, 'fsize'),
  },
  {
    // Permissions do not bind a privileged user: a file in its place does.
    name: 'log folder replaced by a file',
    signs: [],
    begin: (_, { logs }) => {
      renameSync(logs, `${logs}.moved`);
      writeFileSync(logs, '');
    },
    end: (_, { logs }) => rmSync(logs),
  },
  {
    name: 'out of file descriptors',
    signs: ['watch-failed'],
    begin: (pid) => limit(pid, 'nofile', String(TOO_FEW_DESCRIPTORS)),
    end: (pid) => unlimit(pid, 'nofile'),
  },
];

/** Sets the soft limit of a running process. */
function limit(pid: number, resource: string, value: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--${resource}=${value}:`]);
}

function unlimit(pid: number, resource: string): void {
  const shown = ['--pid', String(pid), `--${resource}`, '--output', 'HARD', '--noheadings', '--raw'];
  limit(pid, resource, execFileSync('prlimit', shown, { encoding: 'utf8' }).trim());
}
