/**
 * Measures how long the bundles of Lambdas take to load, beside the bundle of a bare DynamoDB document client that
 * esbuild makes with the same options and no plugin: `npm run load-times [-- <rounds>]`. Each round loads every bundle
 * once, each in a process of its own. Prints medians and ratios, and exits with 1 when a ratio of elapsed time is above
 * its limit. Use it on a quiet machine, and repeat it when a ratio is near its limit: medians of 20 vary by a tenth.
 */
// cspell:ignore AKIDEXAMPLE
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeEnvironment } from '../../../lib/adapters/aws/environment.ts';
import { bundle } from '../../../lib/deploy/bundling/bundle.ts';
import { SETTINGS } from './settings.ts';

/** The most that a bundle may take, in times of the bare one. */
const LIMITS = { run: 1, sync: 1, admin: 1.5 } as const;
const LAMBDAS = ['run', 'sync', 'admin'] as const;

const LOAD = `
  const cpu = process.cpuUsage();
  const start = performance.now();
  await import(process.argv[1]);
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ elapsed, cpu: (user + system) / 1000 }));
`;

interface Load {
  /** Milliseconds. */
  readonly elapsed: number;
  /** Milliseconds of all threads. */
  readonly cpu: number;
}

const rounds = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), 'cloudtab-load-times-'));
try {
  await bundle(folder, [pathOf('./bare.ts')], []);
  await bundle(
    folder,
    LAMBDAS.map((lambda) => pathOf(`../../../lambdas/${lambda}.ts`)),
  );
  report(measure());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The median of each bundle. The first round, which fills the caches of the disk, does not count. */
function measure(): Record<'bare' | (typeof LAMBDAS)[number], Load> {
  const names = ['bare', ...LAMBDAS] as const;
  const loads = Object.fromEntries(names.map((name) => [name, [] as Load[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const loaded = load(name);
      if (round > 0) loads[name]?.push(loaded);
    }
  }
  return Object.fromEntries(names.map((name) => [name, medianOf(loads[name] ?? [])])) as ReturnType<
    typeof measure
  >;
}

function load(name: 'bare' | (typeof LAMBDAS)[number]): Load {
  const url = pathToFileURL(fileOf(name)).href;
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ...(name !== 'bare' && writeEnvironment(name, SETTINGS)),
  };
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', LOAD, url], { env });
  return JSON.parse(output.toString());
}

function medianOf(loads: readonly Load[]): Load {
  const median = (values: number[]) =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return { elapsed: median(loads.map(({ elapsed }) => elapsed)), cpu: median(loads.map(({ cpu }) => cpu)) };
}

function report({ bare, ...lambdas }: ReturnType<typeof measure>): void {
  console.log(`${rounds} rounds on Node ${process.version}`);
  console.log(line('bare', bare));
  for (const lambda of LAMBDAS) {
    const { elapsed, cpu } = lambdas[lambda];
    const ratio = elapsed / bare.elapsed;
    const ratios = `${ratio.toFixed(2)} × bare, at most ${LIMITS[lambda]} (CPU ${(cpu / bare.cpu).toFixed(2)} ×)`;
    console.log(`${line(lambda, lambdas[lambda])}  ${ratios}`);
    if (ratio > LIMITS[lambda]) process.exitCode = 1;
  }
}

function line(name: string, { elapsed, cpu }: Load): string {
  const size = Math.round(statSync(fileOf(name)).size / 1000);
  return `${name.padEnd(5)} ${size} KB  elapsed ${elapsed.toFixed(1)} ms  CPU ${cpu.toFixed(1)} ms`;
}

function fileOf(name: string): string {
  return join(folder, name, 'index.mjs');
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
