/**
 * Bundles each Lambda with its dependencies into one module. The SDK is included: it starts faster than that of the
 * runtime, and it is the tested version. lean.ts leaves parts of libraries out. Synthesis, which cannot await a promise,
 * runs this file as a command: `node bundle.ts <folder> <entry> …`.
 */
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { BUILTINS } from './builtins.ts';
import { INLINED } from './inlined.ts';
import { LAZY_METRICS } from './lazy-metrics.ts';
import { leanSdk, OWN_CRON_PARSER } from './lean.ts';
import { ownRunners } from './own-runners.ts';

/** CommonJS libraries load the modules of Node by `require`, which an ES module does not have. */
export const REQUIRE =
  "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);";

/** The Lambda that runs the runners of users. */
const RUN = 'run';

/**
 * Bundles each entry, for example `lambdas/run.ts` into `<folder>/run/index.mjs` with a source map, so that stack traces
 * name lines of the source. The environment variable CLOUDTAB_RUNNERS names the folder of the runners; default:
 * `runners` beside the entries. Throws an error that lists the files that esbuild could not resolve or parse.
 */
export async function bundle(
  folder: string,
  entries: readonly string[],
  plugins?: readonly Plugin[],
): Promise<void> {
  await Promise.all(entries.map((entry) => bundleEntry(folder, entry, plugins)));
}

async function bundleEntry(folder: string, entry: string, plugins?: readonly Plugin[]): Promise<void> {
  const { name } = parse(entry);
  await build({
    entryPoints: [entry],
    outfile: join(folder, name, 'index.mjs'),
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
    plugins: [...(plugins ?? pluginsOf(name))],
    logLevel: 'warning',
  });
}

function pluginsOf(name: string): readonly Plugin[] {
  return [
    BUILTINS,
    leanSdk(name === RUN),
    OWN_CRON_PARSER,
    INLINED,
    LAZY_METRICS,
    ownRunners(process.env.CLOUDTAB_RUNNERS),
  ];
}

const [, script, folder, ...entries] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder) await bundle(folder, entries);
