/**
 * Bundles the command with its dependencies, so that it starts fast: one file a group of modules that some commands need and
 * others do not. Each module of `lib` finds files and workers beside its compiled form in `dist/lib`, which is not bundled:
 * the workers share the classes of the package with the runners that they load.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, parse, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { REQUIRE } from '../lib/deploy/bundling/bundle.ts';
import { OWN_CRON_PARSER } from '../lib/deploy/bundling/lean.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles `bin/cloudtab.ts` into `<folder>/bin`, with the licenses of the packages that the bundle contains. Returns the
 * source files of each file by its name.
 */
export async function bundleCommand(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'bin/cloudtab.ts')],
    outdir: join(folder, 'bin'),
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    platform: 'node',
    target: 'node22',
    // Otherwise esbuild creates regular expressions from texts, which compiles them at once.
    supported: { 'regexp-set-notation': true, 'regexp-unicode-property-escapes': true },
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    plugins: [OWN_CRON_PARSER, OWN_ADDRESS, LATE_UNICODE],
    logLevel: 'warning',
  });
  writeFileSync(join(folder, 'bin', 'LICENSES.txt'), licenses(Object.keys(metafile.inputs)));
  return new Map(
    Object.entries(metafile.outputs).map(([output, { inputs }]) => [parse(output).base, Object.keys(inputs)]),
  );
}

/** The licenses of the packages that contain these files, each text once. */
function licenses(inputs: readonly string[]): string {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const names = new Map<string, string[]>();
  // The plugin that reduces cron-parser gives its files other names.
  for (const folder of new Set([...folders, 'node_modules/cron-parser'].sort())) {
    const path = join(ROOT, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((one) => /^(?:license|licence)/i.test(one));
    const text = file === undefined ? license : readFileSync(join(path, file), 'utf8').trim();
    names.set(text, [...(names.get(text) ?? []), `${name} ${version}`]);
  }
  return [...names].map(([text, packages]) => `${packages.join(', ')}\n\n${text}\n`).join('\n');
}

/** `import.meta.url` stays the address of the module in `dist/lib`. */
const OWN_ADDRESS: Plugin = {
  name: 'own-address',
  setup({ onLoad }) {
    onLoad({ filter: /\/lib\/(?:adapters|surfaces)\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const compiled = `../${relative(ROOT, path).replace(/\.ts$/, '.js')}`;
      const address = `new URL('${compiled}', import.meta.url).href`;
      return { contents: source.replaceAll('import.meta.url', address), loader: 'ts' };
    });
  },
};

/** What the widths of plain ASCII text do not need, and takes long to create: 12 ms and 31 ms. */
const SLOW: readonly (readonly [source: string, late: string])[] = [
  [
    'const segmenter = new Intl.Segmenter();',
    'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
  ],
  [
    String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
    String.raw`let emoji; const rgiEmojiRegex = { test: (text) => (emoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v')).test(text) };`,
  ],
];

/** Creates these when they are first used. */
const LATE_UNICODE: Plugin = {
  name: 'late-unicode',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/(?:string-width|wrap-ansi)\/index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const expected = path.includes('string-width') ? SLOW : SLOW.slice(0, 1);
      const missing = expected.find(([text]) => !source.includes(text));
      if (missing) throw new Error(`${path}: got another source, wanted ${missing[0]}`);
      return { contents: expected.reduce((text, [slow, late]) => text.replace(slow, () => late), source) };
    });
  },
};
