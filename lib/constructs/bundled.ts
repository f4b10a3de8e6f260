/** The bundles of the Lambdas as the stack's assets. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LAMBDAS, type LambdaName } from '../aws/environment.ts';

/** Where the bundles are: made once a process, also for several stacks. */
let folder: string | undefined;

/**
 * The code of the Lambda of that name, with these files (texts by name) beside it. Throws when they cannot be bundled;
 * esbuild has said why.
 */
export function bundled(
  scope: Construct,
  lambda: LambdaName,
  files: Readonly<Record<string, string>> = {},
): Code {
  folder ??= make(scope);
  const bundle = join(folder, lambda);
  if (Object.keys(files).length === 0) return Code.fromAsset(bundle);
  // Other stacks of this process may have other files.
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const whole = join(folder, `${lambda}-${hash}`);
  cpSync(bundle, whole, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(whole, name), text);
  return Code.fromAsset(whole);
}

function make(scope: Construct): string {
  // Next to the other assets, so that whoever clears those clears these.
  const made = join(Stage.of(scope)?.assetOutdir ?? '.', 'bundles');
  const entries = LAMBDAS.map((lambda) => pathOf(`../../lambdas/${lambda}.ts`));
  execFileSync(process.execPath, [pathOf('../bundling/bundle.ts'), made, ...entries]);
  return made;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
