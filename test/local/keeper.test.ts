import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import { becomeKeeper, keeper } from '../../lib/local/keeper.ts';
import { tempFolder } from '../support/temp-folder.ts';

const MODULE = import.meta.resolve('../../lib/local/keeper.ts');

/** Starts another process that holds the lock until it is killed. */
async function startLockHolder(file: string) {
  const script = `
    const { becomeKeeper } = await import(${JSON.stringify(MODULE)});
    globalThis.release = becomeKeeper(${JSON.stringify(file)}, process.pid);
    console.log('locked');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('The lock of a folder', () => {
  it('A new folder has no lock holder', () => {
    expect(keeper(join(tempFolder(), 'state', 'pid'))).toBeUndefined();
  });

  it('A process holds the lock until it releases it', () => {
    const file = join(tempFolder(), 'state', 'pid');
    const release = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    release();
    expect(keeper(file)).toBeUndefined();
    becomeKeeper(file, process.pid)();
  });

  it('A process cannot take the lock of another one, until that is killed', async () => {
    const file = join(tempFolder(), 'pid');
    const other = await startLockHolder(file);
    expect(keeper(file)).toBe(other.pid);
    expect(() => becomeKeeper(file, process.pid)).toThrow(
      new ConfigurationError(
        `The process ${other.pid} keeps this crontab running already. Stop it first, or choose another folder with --dir.`,
      ),
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(keeper(file)).toBeUndefined();
    const release = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    release();
  });

  it('The lock alone decides, even when the file with the process id is missing', () => {
    const file = join(tempFolder(), 'pid');
    const release = becomeKeeper(file, process.pid);
    rmSync(file);
    expect(keeper(file)).toBe(0);
    expect(() => becomeKeeper(file, process.pid)).toThrow(
      new ConfigurationError(
        'Another process keeps this crontab running already. Stop it first, or choose another folder with --dir.',
      ),
    );
    release();
    becomeKeeper(file, process.pid)();
  });

  it('A process id that was left behind does not count as a lock holder', () => {
    const file = join(tempFolder(), 'pid');
    becomeKeeper(file, process.pid)();
    writeFileSync(file, String(process.ppid));
    expect(keeper(file)).toBeUndefined();
    const release = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    release();
  });
});
