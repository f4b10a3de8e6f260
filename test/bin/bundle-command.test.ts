/**
 * What commands of the package load, which decides how long they take to start. `npm run bench` measures the times, which
 * depend on the machine.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleCommand } from '../../bin/bundle-command.ts';
import { FolderScheduler } from '../../lib/client/folder-scheduler.ts';
import { serveScheduler } from '../../lib/surfaces/web/scheduler-server.ts';
import { writeCrons } from '../support/local-crontab.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
let sources: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtab-bundle-'));
  sources = await bundleCommand(join(folder, 'dist'));
  mkdirSync(join(folder, 'bin'));
  for (const file of ['package.json', 'bin/cloudtab.js']) cpSync(join(ROOT, file), join(folder, file));
  writeFileSync(
    join(folder, 'list.cjs'),
    `const { writeFileSync } = require('node:fs');
    process.on('exit', () => writeFileSync(process.env.LIST, JSON.stringify(process.moduleLoadList)));`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the command printed, and loaded: files of the package, packages in them, modules of Node, and bytes. */
async function loadedBy(...args: string[]) {
  const coverage = join(folder, 'coverage');
  const list = join(folder, 'list.json');
  const env = { ...process.env, NODE_V8_COVERAGE: coverage, LIST: list, XDG_CACHE_HOME: folder };
  const node = ['--require', join(folder, 'list.cjs'), join(folder, 'bin/cloudtab.js')];
  // It may call a server of this process.
  const { stdout: output } = await promisify(execFile)(process.execPath, [...node, ...args], {
    cwd: folder,
    env,
  });
  const [report = ''] = readdirSync(coverage);
  const { result }: { result: readonly { url: string }[] } = JSON.parse(
    readFileSync(join(coverage, report), 'utf8'),
  );
  rmSync(coverage, { recursive: true });
  const files = result
    .flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []))
    .filter((file) => file.endsWith('.js'));
  const inputs = files.flatMap((file) => sources.get(parse(file).base) ?? []);
  const packages = inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
  const modules: string[] = JSON.parse(readFileSync(list, 'utf8'));
  return {
    output,
    files: files.map((file) => parse(file).base),
    packages: [...new Set(packages)].sort(),
    modules: modules.map((name) => name.replace('NativeModule ', '')),
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
  };
}

it('cloudtab --version loads nothing', async () => {
  const { output, files } = await loadedBy('--version');
  expect(output).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(files).toEqual(['cloudtab.js']);
});

it('The completion of a word loads the definitions of the commands alone', async () => {
  const { output, packages, modules, bytes } = await loadedBy('__complete', '--', 'l');
  expect(output).toBe('logs\nls\n');
  expect(packages).toEqual(['commander']);
  expect(modules).not.toContain('sqlite');
  expect(bytes).toBeLessThan(120_000);
});

/** The packages that lay out a table. */
const TABLE = [
  'ansi-regex',
  'ansi-styles',
  'commander',
  'get-east-asian-width',
  'string-width',
  'strip-ansi',
  'wrap-ansi',
];

it('cloudtab ls beside a scheduler loads neither the store, nor what does operations, nor the AWS SDK', async () => {
  const dir = join(folder, 'crons');
  writeCrons(dir, 2, { name: 'heartbeat', periodicity: '@daily' });
  const scheduler = new FolderScheduler(dir, {
    logger: new MemoryLogger(),
    runnerFolder: 'none',
    retentionDays: undefined,
  });
  const server = await serveScheduler(scheduler, 0);
  await scheduler.start(server.address);
  const { output, packages, modules, bytes } = await loadedBy('ls', '--dir', dir);
  await server.close();
  await scheduler.stop();
  expect(output).toContain('2 crons');
  expect(packages).toEqual(TABLE);
  for (const name of ['tls', 'internal/deps/undici/undici']) expect(modules).not.toContain(name);
  expect(bytes).toBeLessThan(250_000);
});

it('cloudtab ls without a scheduler loads neither HTTP nor the AWS SDK', async () => {
  const dir = join(folder, 'alone');
  writeCrons(dir, 2, { name: 'heartbeat', periodicity: '@daily' });
  const { output, packages, modules, bytes } = await loadedBy('ls', '--dir', dir);
  expect(output).toContain('2 crons');
  expect(packages.filter((name) => name.startsWith('@'))).toEqual([]);
  for (const name of ['http', 'tls', 'internal/deps/undici/undici']) expect(modules).not.toContain(name);
  expect(bytes).toBeLessThan(800_000);
});

it.each([
  ['keeps the code that Node has compiled in the caches of the user', undefined, 1],
  ['keeps no code if the environment says so', '1', 0],
])('The command of the package %s', (_, NODE_DISABLE_COMPILE_CACHE, count) => {
  const caches = join(folder, `caches-${count}`);
  const none = { NODE_COMPILE_CACHE: undefined, NODE_V8_COVERAGE: undefined };
  const env = { ...process.env, ...none, NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME: caches };
  execFileSync(process.execPath, [join(folder, 'bin/cloudtab.js'), '__complete', '--', 'l'], { env });
  expect(readdirSync(join(caches, 'cloudtab'))).toHaveLength(count);
});

it('The bundle names the licenses of its packages', () => {
  const text = readFileSync(join(folder, 'dist/bin/LICENSES.txt'), 'utf8');
  for (const name of ['commander', 'cron-parser', 'zod', '@aws-sdk/client-ssm'])
    expect(text).toContain(`${name} `);
});
