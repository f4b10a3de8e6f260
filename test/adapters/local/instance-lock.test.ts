import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireLock, lockHolder } from '../../../lib/adapters/local/instance-lock.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const MODULE = import.meta.resolve('../../../lib/adapters/local/instance-lock.ts');

/** Starts another process that holds the lock until it is killed. */
async function startLockHolder(file: string, then = '') {
  const script = `
    const { acquireLock } = await import(${JSON.stringify(MODULE)});
    const acquire = () => acquireLock(${JSON.stringify(file)}, process.pid);
    globalThis.release = acquire();
    ${then}
    console.log('locked');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a folder', () => {
  it('A new folder has no lock holder', () => {
    expect(lockHolder(join(tempFolder(), 'state', 'pid'))).toBeUndefined();
  });

  it('A process holds the lock until it releases it', () => {
    const file = join(tempFolder(), 'state', 'pid');
    const release = acquireLock(file, process.pid);
    expect(lockHolder(file)).toBe(process.pid);
    release();
    expect(lockHolder(file)).toBeUndefined();
    acquireLock(file, process.pid)();
  });

  it('A process cannot take the lock of another one, until that is killed', async () => {
    const file = join(tempFolder(), 'pid');
    const other = await startLockHolder(file);
    expect(lockHolder(file)).toBe(other.pid);
    expect(() => acquireLock(file, process.pid)).toThrow(
      new ConfigurationError(
        `Process ${other.pid} already runs this crontab. Stop it first, or choose another folder with --dir.`,
      ),
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(lockHolder(file)).toBeUndefined();
    const release = acquireLock(file, process.pid);
    expect(lockHolder(file)).toBe(process.pid);
    release();
  });

  it('A second attempt of the process that holds the lock is refused, and leaves it the lock', async () => {
    const file = join(tempFolder(), 'pid');
    const other = await startLockHolder(file, 'try { acquire(); process.exit(1); } catch {}');
    expect(lockHolder(file)).toBe(other.pid);
  });

  it('The lock alone decides, even when the file with the process id is missing', () => {
    const file = join(tempFolder(), 'pid');
    const release = acquireLock(file, process.pid);
    rmSync(file);
    expect(lockHolder(file)).toBe(0);
    expect(() => acquireLock(file, process.pid)).toThrow(
      new ConfigurationError(
        'Another process already runs this crontab. Stop it first, or choose another folder with --dir.',
      ),
    );
    release();
    acquireLock(file, process.pid)();
  });

  it('A process id that was left behind does not count as a lock holder', () => {
    const file = join(tempFolder(), 'pid');
    acquireLock(file, process.pid)();
    writeFileSync(file, String(process.ppid));
    expect(lockHolder(file)).toBeUndefined();
    const release = acquireLock(file, process.pid);
    expect(lockHolder(file)).toBe(process.pid);
    release();
  });
});
