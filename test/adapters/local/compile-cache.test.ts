import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { cacheCompiledCode, compileCacheFolder } from '../../../lib/adapters/local/compile-cache.ts';
import { inTempFolder } from '../../support/local-crontab.ts';

it('The folder of compiled code is made in the folder of caches, and only its owner can use it', () =>
  inTempFolder(async (home) => {
    const folder = compileCacheFolder({}, home);
    const caches = process.platform === 'darwin' ? 'Library/Caches' : '.cache';
    expect(folder).toBe(join(home, caches, 'cloudtab'));
    expect(statSync(folder ?? '').mode & 0o777).toBe(0o700);
    expect(compileCacheFolder({ XDG_CACHE_HOME: join(home, 'mine') }, home)).toBe(
      join(home, 'mine', 'cloudtab'),
    );
    expect(compileCacheFolder({ XDG_CACHE_HOME: 'relative' }, home)).toBe(folder);
  }));

it.each([
  ['that others can write to', (folder: string) => [mkdirSync(folder), chmodSync(folder, 0o777)]],
  ['that a group can write to', (folder: string) => [mkdirSync(folder), chmodSync(folder, 0o720)]],
  ['that is a link, which may lead to a shared one', (folder: string) => symlinkSync('/tmp', folder)],
  ['that is a file', (folder: string) => writeFileSync(folder, '')],
])('Compiled code is not kept in a folder %s', (_, prepare) =>
  inTempFolder(async (home) => {
    prepare(join(home, 'cloudtab'));
    expect(compileCacheFolder({ XDG_CACHE_HOME: home }, home)).toBeUndefined();
  }),
);

it('Compiled code is not kept in the home of another account, as with sudo', () =>
  inTempFolder(async (home) => {
    vi.spyOn(process, 'getuid').mockReturnValue(statSync(home).uid + 1);
    expect(compileCacheFolder({}, home)).toBeUndefined();
    vi.restoreAllMocks();
    expect(compileCacheFolder({}, join(home, 'absent'))).toBeUndefined();
  }));

it('A cache that the environment names, or switches off, stays as it is', () => {
  const before = getCompileCacheDir();
  cacheCompiledCode();
  expect(getCompileCacheDir()).toBe(before);
});
