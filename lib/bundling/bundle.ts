/**
 * Makes the bundle of a Lambda: one module with everything inside, the SDK too, since that starts faster than the
 * runtime's and is the one that was tested. What is left out of libraries is in lean.ts. Run as a command by the stack,
 * which cannot wait for promises: `node bundle.ts <entry> <file>`.
 */
import { fileURLToPath } from 'node:url';
import { type BuildResult, build } from 'esbuild';
import { LEAN, STAND_INS } from './lean.ts';

/** Libraries in CommonJS ask for Node's own modules by `require`, which a module does not have. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Bundles the entry into the file. A map lies beside it: stack traces tell lines of the source.
 * Throws an error that lists what esbuild could not resolve or parse.
 */
export async function bundle(entry: string, file: string): Promise<BuildResult> {
  return await build({
    entryPoints: [entry],
    outfile: file,
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
    alias: STAND_INS,
    plugins: [LEAN],
    logLevel: 'warning',
  });
}

const [, script, entry, file] = process.argv;
if (script === fileURLToPath(import.meta.url) && entry && file) await bundle(entry, file);
