/**
 * A user's project: the package is built and packed, its command writes the project, and npm installs the tarball there. The
 * other packages come from this checkout, so that no network is needed; npm removes those that the project does not depend on.
 */
import { execFile } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

export const PROJECT = 'my-crons';

/** Creates the project in a folder, and returns its path. Takes about half a minute. */
export async function packedProject(folder: string): Promise<string> {
  const packed = join(folder, 'packed');
  await mkdir(packed);
  // A build into the checkout could disturb other processes there.
  await run(process.execPath, [join(ROOT, 'bin/build.ts'), join(packed, 'dist')]);
  const files = (await filesOf(ROOT)).filter((file) => !file.startsWith('dist/'));
  await run('cp', ['--parents', ...files, packed], { cwd: ROOT });
  const { stdout: tarball } = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: packed,
  });
  await symlink(join(ROOT, 'node_modules'), join(packed, 'node_modules'));
  await run(process.execPath, [join(packed, 'bin/cloudtab.js'), 'new', PROJECT], { cwd: folder });
  const project = join(folder, PROJECT);
  const modules = join(project, 'node_modules');
  await run('cp', ['-R', '--preserve=links', join(ROOT, 'node_modules'), modules]);
  // It lists the packages of the checkout.
  await rm(join(modules, '.package-lock.json'), { force: true });
  const install = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', [...install, join(folder, tarball.trim())], { cwd: project });
  return project;
}

async function filesOf(cwd: string): Promise<string[]> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd,
    maxBuffer: 10_000_000,
  });
  const [listing]: { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(stdout);
  return (listing?.files ?? []).map(({ path }) => path);
}
