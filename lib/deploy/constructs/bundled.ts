/** The bundles of the Lambdas as the stack's assets. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LAMBDAS, type LambdaName } from '../../adapters/aws/environment.ts';

/** Where the bundles are, by the runners in them: made once a process, also for several stacks. */
const folders = new Map<string, string>();

/** In a package, this is built; the Lambdas are bundled from their sources there as well. */
const isBuilt = import.meta.url.endsWith('.js');
const SOURCES = isBuilt ? '../../../..' : '../../..';

/** The runners that are deployed when a stack has none of its own. */
export const SHIPPED_RUNNERS = pathOf(`${SOURCES}/lambdas/runners/index.ts`);

/** Where in the tree of constructs the name of the module with the runners is kept. */
export const RUNNERS_CONTEXT = 'cloudtab:runners';

/**
 * The code of the Lambda of that name, with these files (texts by name) beside it. Throws when they cannot be bundled;
 * esbuild has said why.
 */
export function bundled(
  scope: Construct,
  lambda: LambdaName,
  files: Readonly<Record<string, string>> = {},
): Code {
  const runners: string = scope.node.tryGetContext(RUNNERS_CONTEXT) ?? SHIPPED_RUNNERS;
  const folder = folders.get(runners) ?? make(scope, runners);
  folders.set(runners, folder);
  const bundle = join(folder, lambda);
  if (Object.keys(files).length === 0) return Code.fromAsset(bundle);
  // Other stacks of this process may have other files.
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const whole = join(folder, `${lambda}-${hash}`);
  cpSync(bundle, whole, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(whole, name), text);
  return Code.fromAsset(whole);
}

function make(scope: Construct, runners: string): string {
  // Next to the other assets, so that whoever clears those clears these.
  const name = folders.size === 0 ? 'bundles' : `bundles-${folders.size}`;
  const made = join(Stage.of(scope)?.assetOutdir ?? '.', name);
  const entries = LAMBDAS.map((lambda) => pathOf(`${SOURCES}/lambdas/${lambda}.ts`));
  const bundler = pathOf(`../bundling/bundle.${isBuilt ? 'js' : 'ts'}`);
  const env = { ...process.env, CLOUDTAB_RUNNERS: runners };
  execFileSync(process.execPath, [bundler, made, ...entries], { env });
  return made;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
