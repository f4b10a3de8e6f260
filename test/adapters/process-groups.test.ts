/** Ends real processes that have started programs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { childPrograms } from '../../lib/adapters/child-programs.ts';
import { signalGroup } from '../../lib/adapters/process-groups.ts';

const SLEEP = { file: 'sleep', args: ['60'], env: {}, stdin: '' };

/** Starts two programs, one of which has ended, prints their ids, and does what its argument says. */
const PARENT = `
  import { addGroup, removeGroup } from '${pathToFileURL('lib/adapters/process-groups.ts')}';
  import { spawn } from 'node:child_process';
  const start = () => {
    const { pid } = spawn('sh', ['-c', 'trap "" TERM INT; sleep 60 & wait'], { detached: true });
    addGroup(pid);
    return pid;
  };
  const [first, ended, last] = [start(), start(), start()];
  removeGroup(ended);
  console.log([first, ended, last].join(' '));
  process.on('message', () => process.exit(3));
`;

async function parent() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = await once(createInterface(child.stdout ?? expect.unreachable()), 'line');
  return { child, groups: String(line).split(' ').map(Number) };
}

function isRunning(group: number): boolean {
  try {
    // A process that has ended, and whose new parent has not noticed it, is a zombie.
    return signalGroup(group, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${group}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the groups of a process', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'process.exit'] as const)(
    'The groups of a process that %s ends are killed, except those that it has removed',
    async (how) => {
      const { child, groups } = await parent();
      const [first = 0, ended = 0, last = 0] = groups;
      expect(groups.map(isRunning)).toEqual([true, true, true]);
      if (how === 'process.exit') child.send('exit');
      else child.kill(how);
      await vi.waitFor(() => expect([first, last].map(isRunning)).toEqual([false, false]), 10_000);
      expect(isRunning(ended)).toBe(true);
      signalGroup(ended, 'SIGKILL');
    },
  );

  it('A watchdog that was killed is replaced when the next program starts', async () => {
    const watchdogs = () => {
      const pids = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' }).split('\n');
      return pids.flatMap((line) => {
        const [, pid, ppid, args] = /^ *(\d+) +(\d+) (.*)/.exec(line) ?? [];
        return Number(ppid) === process.pid && args?.includes('groups=') ? [Number(pid)] : [];
      });
    };
    const first = childPrograms.start(SLEEP, () => undefined);
    const [killed = 0] = watchdogs();
    process.kill(killed, 'SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(killed, 0)).toThrow(), 10_000);
    const second = childPrograms.start(SLEEP, () => undefined);
    expect(watchdogs()).toHaveLength(1);
    for (const program of [first, second]) {
      program.kill('SIGKILL');
      expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' });
    }
  });
});
