/** The bundles of the Lambdas as the stack's assets. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LAMBDAS, type LambdaName } from '../aws/environment.ts';

/** Where the bundles are: made once a process, also for several stacks. */
let folder: string | undefined;

/** The code of the Lambda of that name. Throws when they cannot be bundled; esbuild has said why. */
export function bundled(scope: Construct, lambda: LambdaName): Code {
  folder ??= make(scope);
  return Code.fromAsset(join(folder, lambda));
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
