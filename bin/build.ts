/**
 * Compiles the package to JavaScript and type declarations, because Node strips no types in `node_modules`, and bundles its
 * command. `node bin/build.ts [folder]` replaces the folder.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand } from './bundle-command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'dist');

rmSync(folder, { recursive: true, force: true });
const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
  'package.json',
  'bin/tsc',
);
execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', folder], {
  stdio: 'inherit',
});
// Copy the files that browsers and the bundler of the Lambdas read as they are.
for (const part of ['lib/surfaces/web/assets', 'lib/deploy/bundling']) {
  cpSync(join(root, part), join(folder, part), { recursive: true });
}
await bundleCommand(folder);
