/** The troubles of a computer that a scheduler lives through: each begins and ends while the process runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Folder } from '../../lib/adapters/local/folder.ts';

export interface Trouble {
  readonly name: string;
  /** Whether log lines are lost meanwhile. */
  readonly losesLines: boolean;
  /** The codes of log lines that show that the trouble was felt, beside the lost log lines. */
  readonly signs: readonly string[];
  begin(pid: number, folder: Folder): void;
  end(pid: number, folder: Folder): void;
}

/** Fewer than any process has open: nothing more can be opened, not even for a moment. */
const TOO_FEW_DESCRIPTORS = 8;

/** More connections at once than a process may have files open by default. */
const FLOOD = 1_200;
const FLOODED_DESCRIPTORS = 1_024;
/** The attacker gives up after so many. */
const MOST_OPENED = 10_000;
const REOPEN_MS = 100;

export const TROUBLES: readonly Trouble[] = [
  {
    // Every write to a file fails, as on a full disk, which only a privileged user could prepare.
    name: 'full disk',
    losesLines: true,
    signs: ['run-repeated', 'record-repeated'],
    begin: (pid) => limit(pid, 'fsize', '0'),
    end: (pid) => unlimit(pid, 'fsize'),
  },
  {
    // Permissions do not bind a privileged user: a file in its place does.
    name: 'log folder replaced by a file',
    losesLines: true,
    signs: [],
    begin: (_, { logs }) => {
      renameSync(logs, `${logs}.moved`);
      writeFileSync(logs, '');
    },
    end: (_, { logs }) => rmSync(logs),
  },
  {
    name: 'out of file descriptors',
    losesLines: true,
    signs: ['watch-failed'],
    begin: (pid) => limit(pid, 'nofile', String(TOO_FEW_DESCRIPTORS)),
    end: (pid) => unlimit(pid, 'nofile'),
  },
  flood(),
];

/** Another account opens more connections than the scheduler may have open files, and leaves them half open. */
function flood(): Trouble {
  const sockets = new Set<Socket>();
  let left = 0;
  const open = (port: number) => {
    if (left-- <= 0) return;
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n'));
    sockets.add(socket);
    // Some are refused, and the others are closed after a while: the attacker comes again.
    socket.on('error', () => {}).on('close', () => void setTimeout(open, REOPEN_MS, port).unref());
  };
  return {
    name: 'flood of half-open connections',
    losesLines: false,
    signs: [],
    begin(pid, { door }) {
      limit(pid, 'nofile', String(FLOODED_DESCRIPTORS));
      left = MOST_OPENED;
      const { port } = new URL(JSON.parse(readFileSync(door, 'utf8')).address);
      for (let opened = 0; opened < FLOOD; opened++) open(Number(port));
    },
    end(pid) {
      left = 0;
      for (const socket of sockets) socket.destroy();
      unlimit(pid, 'nofile');
    },
  };
}

/** Sets the soft limit of a running process. */
function limit(pid: number, resource: string, value: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--${resource}=${value}:`]);
}

function unlimit(pid: number, resource: string): void {
  const shown = ['--pid', String(pid), `--${resource}`, '--output', 'HARD', '--noheadings', '--raw'];
  limit(pid, resource, execFileSync('prlimit', shown, { encoding: 'utf8' }).trim());
}
