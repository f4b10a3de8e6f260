/**
 * Bundles the command with its dependencies, so that it starts fast: one file a group of modules that some commands need and
 * others do not. Each module of `lib` finds files and workers beside its compiled form in `dist/lib`, which is not bundled:
 * the workers share the classes of the package with the runners that they load.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { CRON_PARSER, CRON_PARSER_PARTS, PARSER_FOLDER } from '../lib/deploy/bundling/lean.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * What one command needs is one file: to find and load a file takes longer than to compile 20 KB. esbuild makes a file of
 * each set of modules that the same commands share, which are 45 for `ls`. A module belongs to the first group that has it.
 */
const GROUPS = [
  { name: 'compile-cache', test: /\/compile-cache\.ts$/, priority: 4 },
  { name: 'program', test: /\/surfaces\/cli\/(?:main|terminal)\.ts$/, priority: 3 },
  { name: 'lists', test: /\/surfaces\/cli\/ls(?:-sites)?\.ts$/, priority: 2 },
  { name: 'folder', test: /\/client\/own-client\.ts$|\/adapters\/local\/folder-target\.ts$/, priority: 1 },
];

/**
 * Bundles `bin/cloudtab.ts` into `<folder>/bin`, with the licenses of the packages that the bundle contains. Returns the
 * source files of each file by its name.
 */
export async function bundleCommand(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const bundle = await rolldown({
    input: join(ROOT, 'bin/cloudtab.ts'),
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node22' },
    checks: { ineffectiveDynamicImport: false },
    plugins: [OWN_CRON_PARSER, OWN_ADDRESS, LATE_UNICODE],
  });
  const { output } = await bundle.write({
    dir: join(folder, 'bin'),
    format: 'esm',
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    comments: false,
    codeSplitting: { groups: GROUPS },
  });
  await bundle.close();
  const sources = new Map(
    output.flatMap((file) =>
      file.type === 'chunk' ? [[file.fileName, file.moduleIds.map((id) => relative(ROOT, id))]] : [],
    ),
  );
  writeFileSync(join(folder, 'bin', 'LICENSES.txt'), licenses([...sources.values()].flat()));
  return sources;
}

/** The licenses of the packages that contain these files, each text once. */
function licenses(inputs: readonly string[]): string {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const names = new Map<string, string[]>();
  for (const folder of new Set(folders.sort())) {
    const path = join(ROOT, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((one) => /^(?:license|licence)/i.test(one));
    const text = file === undefined ? license : readFileSync(join(path, file), 'utf8').trim();
    names.set(text, [...(names.get(text) ?? []), `${name} ${version}`]);
  }
  return [...names].map(([text, packages]) => `${packages.join(', ')}\n\n${text}\n`).join('\n');
}

/** Replaces cron-parser by the part that cloudtab uses, as in the bundles of the Lambdas. */
const OWN_CRON_PARSER: Plugin = {
  name: 'own-cron-parser',
  resolveId(source, importer = '') {
    if (source === 'cron-parser') return join(PARSER_FOLDER, 'CronExpressionParser.js');
    return importer.startsWith(PARSER_FOLDER) && CRON_PARSER_PARTS.test(source) ? CRON_PARSER : undefined;
  },
};

/** `import.meta.url` stays the address of the module in `dist/lib`. */
const OWN_ADDRESS: Plugin = {
  name: 'own-address',
  transform: {
    filter: { id: /\/lib\/(?:adapters|surfaces)\/.*\.ts$/ },
    handler(source, id) {
      const compiled = `../${relative(ROOT, id).replace(/\.ts$/, '.js')}`;
      return source.replaceAll('import.meta.url', `new URL('${compiled}', import.meta.url).href`);
    },
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
  transform: {
    filter: { id: /\/node_modules\/(?:string-width|wrap-ansi)\/index\.js$/ },
    handler(source, id) {
      const expected = id.includes('string-width') ? SLOW : SLOW.slice(0, 1);
      const missing = expected.find(([text]) => !source.includes(text));
      if (missing) throw new Error(`${id}: got another source, wanted ${missing[0]}`);
      return expected.reduce((text, [slow, late]) => text.replace(slow, () => late), source);
    },
  },
};
