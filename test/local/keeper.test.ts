import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import { becomeKeeper, keeper } from '../../lib/local/keeper.ts';
import { tempFolder } from '../support/temp-folder.ts';

const MODULE = import.meta.resolve('../../lib/local/keeper.ts');

/** Another process that keeps it until it is killed. */
async function otherKeeper(file: string) {
  const script = `
    const { becomeKeeper } = await import(${JSON.stringify(MODULE)});
    globalThis.giveBack = becomeKeeper(${JSON.stringify(file)}, process.pid);
    console.log('kept');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('the keeper of a folder', () => {
  it('is nobody where nobody ever was', () => {
    expect(keeper(join(tempFolder(), 'state', 'pid'))).toBeUndefined();
  });

  it('is whoever became it, until it gives it back', () => {
    const file = join(tempFolder(), 'state', 'pid');
    const giveBack = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    giveBack();
    expect(keeper(file)).toBeUndefined();
    becomeKeeper(file, process.pid)();
  });

  it('is one process at a time, until it is killed', async () => {
    const file = join(tempFolder(), 'pid');
    const other = await otherKeeper(file);
    expect(keeper(file)).toBe(other.pid);
    expect(() => becomeKeeper(file, process.pid)).toThrow(
      new ConfigurationError(
        `The process ${other.pid} keeps this crontab running already. Stop it first, or choose another folder with --dir.`,
      ),
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(keeper(file)).toBeUndefined();
    const giveBack = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    giveBack();
  });

  it('is known by its lock alone, also while nobody has written which process it is', () => {
    const file = join(tempFolder(), 'pid');
    const giveBack = becomeKeeper(file, process.pid);
    rmSync(file);
    expect(keeper(file)).toBe(0);
    expect(() => becomeKeeper(file, process.pid)).toThrow(
      'Another process keeps this crontab running already. Stop it first, or choose another folder with --dir.',
    );
    giveBack();
    becomeKeeper(file, process.pid)();
  });

  it('is nobody when the process whose id was left behind is somebody else by now', () => {
    const file = join(tempFolder(), 'pid');
    becomeKeeper(file, process.pid)();
    writeFileSync(file, String(process.ppid));
    expect(keeper(file)).toBeUndefined();
    const giveBack = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    giveBack();
  });
});
