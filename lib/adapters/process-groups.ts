/**
 * The groups of child processes that must not survive this process, however it ends: otherwise the next scheduler would start
 * a second process beside the first. A shell watches over them, since a process that is killed can do nothing itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Reads the ids of groups that start (`+`) and end (`-`). Its input ends with this process, and then it kills what is left. */
const WATCHDOG = `
groups=' '
while read -r change group; do
  if [ "$change" = + ]; then groups="$groups$group "
  else groups="\${groups%% $group *} \${groups#* $group }"
  fi
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

const running = new Set<number>();
let watchdog: ChildProcess | undefined;

/** The id of a group is that of the process that leads it; undefined if that could not be started. */
type Group = number | undefined;

/** From now on the group ends with this process. */
export function addGroup(group: Group): void {
  if (group === undefined) return;
  running.add(group);
  if (watchdog) report('+', group);
  else startWatchdog();
}

/** The group has ended. */
export function removeGroup(group: Group): void {
  if (group === undefined) return;
  running.delete(group);
  report('-', group);
}

/** Sends the signal to all processes of the group, and returns whether there are any. Signal 0 only asks. */
export function signalGroup(group: Group, signal: NodeJS.Signals | 0): boolean {
  try {
    return group !== undefined && process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** It is in a group of its own, so that Ctrl-C does not reach it, and this process does not wait for it. */
function startWatchdog(): void {
  const shell = spawn('/bin/sh', ['-c', WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const forget = () => {
    if (watchdog === shell) watchdog = undefined;
  };
  // The next group starts another one. When too many files are open, there is no input.
  shell.on('error', forget).on('exit', forget).unref();
  (shell.stdin as Socket | null)?.on('error', forget).unref();
  watchdog = shell;
  for (const group of running) report('+', group);
}

function report(change: '+' | '-', group: number): void {
  watchdog?.stdin?.write(`${change} ${group}\n`);
}
