/** Bundles the Lambdas and makes each bundle an asset of the stack. */
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LAMBDAS, type LambdaName } from '../../adapters/aws/environment.ts';

/** The folder of the bundles for each folder of runners: bundled once per process, also for several stacks. */
const folders = new Map<string, string>();

/** The installed package is compiled; its Lambdas are bundled from their sources all the same. */
const isBuilt = import.meta.url.endsWith('.js');
const SOURCES = isBuilt ? '../../../..' : '../../..';

/** The folder with the runners of a deployment that names none. */
export const SHIPPED_RUNNERS = pathOf(`${SOURCES}/lambdas/runners`);

/** Files beside a bundle: text by name, for example `{ 'profiles.json': '{}' }`. */
export type LambdaFiles = Readonly<Record<string, string>>;

export interface LambdaCodeProps {
  readonly lambda: LambdaName;
  /** Absolute path of the folder with a file for each runner, for example `/home/me/shop/runners`. */
  readonly runners: string;
  readonly files: LambdaFiles;
}

/** The code of a Lambda. Throws when esbuild fails, which has printed the reason. */
export function lambdaCode(scope: Construct, { lambda, runners, files }: LambdaCodeProps): Code {
  const folder = bundlesOf(scope, runners);
  const bundle = join(folder, lambda);
  if (Object.keys(files).length === 0) return Code.fromAsset(bundle);
  // Another stack of this process may have the same bundle with other files.
  const copy = join(folder, `${lambda}-${hash('sha256', JSON.stringify(files)).slice(0, 16)}`);
  cpSync(bundle, copy, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(copy, name), text);
  return Code.fromAsset(copy);
}

/** Identifies the code of the run Lambda with these runners: equal bundles have equal versions. */
export function runCodeVersion(scope: Construct, runners: string): string {
  const bundle = readFileSync(join(bundlesOf(scope, runners), 'run', 'index.mjs'));
  return hash('sha256', bundle).slice(0, 16);
}

function bundlesOf(scope: Construct, runners: string): string {
  const folder = folders.get(runners) ?? bundleAll(scope, runners);
  folders.set(runners, folder);
  return folder;
}

function bundleAll(scope: Construct, runners: string): string {
  // In the folder of the assets, so that the bundles are deleted with them.
  const name = folders.size === 0 ? 'bundles' : `bundles-${folders.size}`;
  const folder = join(Stage.of(scope)?.assetOutdir ?? '.', name);
  const entries = LAMBDAS.map((lambda) => pathOf(`${SOURCES}/lambdas/${lambda}.ts`));
  const bundler = pathOf(`../bundling/bundle.${isBuilt ? 'js' : 'ts'}`);
  const env = { ...process.env, CLOUDTAB_RUNNERS: runners };
  execFileSync(process.execPath, [bundler, folder, ...entries], { env });
  return folder;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
