/**
 * Where Node keeps the code that it has compiled, so that later processes start in half the time. Its own default is in the
 * folder of temporary files that all accounts share: another account could place code there that this one runs.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from './home-folder.ts';

/** Does nothing if Node's variable NODE_COMPILE_CACHE names another folder, or NODE_DISABLE_COMPILE_CACHE is set. */
export function cacheCompiledCode(): void {
  const folder = compileCacheFolder();
  if (folder !== undefined) enableCompileCache(folder);
}

/** A folder that only this account can write to, made if it does not exist; undefined if there is none. */
export function compileCacheFolder(
  { XDG_CACHE_HOME: caches = '' }: Readonly<NodeJS.ProcessEnv> = process.env,
  home: string | undefined = homeFolder(),
): string | undefined {
  if (home === undefined) return undefined;
  const own = process.platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  const folder = join(isAbsolute(caches) ? caches : own, 'cloudtab');
  try {
    // With sudo, the home is often that of another account, which could not use what root makes there.
    if (lstatSync(home).uid !== process.getuid?.()) return undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    // Without a cache, only the start takes longer.
    return undefined;
  }
}
