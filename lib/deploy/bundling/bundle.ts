/**
 * Makes the bundles of Lambdas: one module each with everything inside, the SDK too, since that starts faster than the
 * runtime's and is the one that was tested. lean.ts leaves parts of libraries out. The stack, which cannot wait for
 * promises, runs this file as a command: `node bundle.ts <folder> <entry> …`.
 */
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { INLINED } from './inlined.ts';
import { LEAN } from './lean.ts';

/** Libraries in CommonJS ask for Node's own modules by `require`, which a module does not have. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Bundles each entry, such as `lambdas/run.ts`, into a folder of its own: `<folder>/run/index.mjs`. A source map lies beside
 * it, so stack traces name lines of the source. CLOUDTAB_RUNNERS names the module with the runners, if it is not the one beside
 * the entries. Throws an error that lists what esbuild could not resolve or parse.
 */
export async function bundle(
  folder: string,
  entries: readonly string[],
  plugins: readonly Plugin[] = [LEAN, INLINED, ownRunners(process.env.CLOUDTAB_RUNNERS)],
): Promise<void> {
  await build({
    entryPoints: entries.map((entry) => ({ in: entry, out: `${parse(entry).name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    plugins: [...plugins],
    logLevel: 'warning',
  });
}

/** Replaces the runners beside the entries by this module, which exports `runners`. */
function ownRunners(file: string | undefined): Plugin {
  return {
    name: 'own-runners',
    setup({ onResolve }) {
      if (!file) return;
      onResolve({ filter: /^\.\/runners\/index\.ts$/ }, ({ importer }) =>
        /\/lambdas\/\w+\.ts$/.test(importer) ? { path: file } : undefined,
      );
    },
  };
}

const [, script, folder, ...entries] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder) await bundle(folder, entries);
