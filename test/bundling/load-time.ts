/**
 * Prints how long each Lambda's bundle takes to load, as a ratio to the bundle of a bare document client: medians of
 * alternating runs, each in a process of its own. `node test/bundling/load-time.ts [runs]`, 20 runs by default.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { LAMBDAS, writeEnvironment } from '../../lib/aws/environment.ts';
import { BUNDLE_OPTIONS, bundle } from '../../lib/bundling/bundle.ts';
import { ENVIRONMENT } from '../support/lambda-environment.ts';

const BASELINE = 'bare';
const runs = Number(process.argv[2] ?? 20);
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cloudtab-load-'));

try {
  await bundle(
    folder,
    LAMBDAS.map((lambda) => pathOf(`../../lambdas/${lambda}.ts`)),
  );
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [pathOf('./bare.ts')],
    outfile: join(folder, BASELINE, 'index.mjs'),
  });
  const names = [BASELINE, ...LAMBDAS];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  // One round more, which only warms up the disk.
  for (let run = 0; run <= runs; run++) {
    for (const name of names) {
      const time = loadTime(name);
      if (run > 0) times.get(name)?.push(time);
    }
  }
  const baseline = median(times.get(BASELINE) ?? []);
  for (const [name, all] of times) {
    const time = median(all);
    process.stdout.write(
      `${name.padEnd(10)} ${time.toFixed(0).padStart(6)} ms  ${(time / baseline).toFixed(2)} x\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

function loadTime(name: string): number {
  const lambda = LAMBDAS.find((one) => one === name);
  const script =
    'const start = performance.now(); await import(process.argv[1]); console.log(performance.now() - start)';
  const url = pathToFileURL(join(folder, name, 'index.mjs')).href;
  const env = {
    ...process.env,
    AWS_REGION: 'eu-west-1',
    ...(lambda && writeEnvironment(lambda, ENVIRONMENT)),
  };
  const args = ['--input-type=module', '--eval', script, url];
  return Number(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
