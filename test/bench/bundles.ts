/**
 * How long the bundles of Lambdas take to load, beside the bundle of a bare DynamoDB document client that esbuild makes with
 * the same options and no plugin. Each load is a process of its own.
 */
// cspell:ignore AKIDEXAMPLE
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeEnvironment } from '../../lib/adapters/aws/environment.ts';
import { bundle } from '../../lib/deploy/bundling/bundle.ts';
import { SETTINGS } from '../deploy/bundling/settings.ts';
import { inTempFolder } from '../support/local-crontab.ts';
import { type Comparison, compareTimes, medians } from './comparison.ts';

/** The most that a bundle may take, in times of the bare one. */
const LIMITS = { run: 1, sync: 1, admin: 1.5 } as const;
const LAMBDAS = ['run', 'sync', 'admin'] as const;
const ROUNDS = 20;

const LOAD = `
  const start = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - start);
`;

export function compareBundles(): Promise<Comparison[]> {
  return inTempFolder(async (folder) => {
    await bundle(folder, [pathOf('./bare.ts')], []);
    await bundle(
      folder,
      LAMBDAS.map((lambda) => pathOf(`../../lambdas/${lambda}.ts`)),
    );
    const load = (name: 'bare' | (typeof LAMBDAS)[number]) => () => loadTime(folder, name);
    const ms = await medians(ROUNDS, {
      bare: load('bare'),
      run: load('run'),
      sync: load('sync'),
      admin: load('admin'),
    });
    const baseline = { name: 'a bare document client', ms: ms.bare };
    return LAMBDAS.map((lambda) =>
      compareTimes(`load the ${lambda} function`, ms[lambda], baseline, LIMITS[lambda]),
    );
  });
}

function loadTime(folder: string, name: 'bare' | (typeof LAMBDAS)[number]): number {
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ...(name !== 'bare' && writeEnvironment(name, SETTINGS)),
  };
  const url = pathToFileURL(join(folder, name, 'index.mjs')).href;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', LOAD, url], { env });
  return Number(output.toString());
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
