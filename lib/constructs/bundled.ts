/** The bundle of a Lambda as the stack's asset. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { LambdaName } from '../aws/environment.ts';

/** Folders by Lambda: made once a process, also for several stacks. */
const made = new Map<LambdaName, string>();

/** The code of the Lambda of that name. Throws when it cannot be bundled; esbuild has said why. */
export function bundled(scope: Construct, lambda: LambdaName): Code {
  const folder = made.get(lambda) ?? make(scope, lambda);
  made.set(lambda, folder);
  return Code.fromAsset(folder);
}

function make(scope: Construct, lambda: LambdaName): string {
  const folder = join(Stage.of(scope)?.assetOutdir ?? '.', 'bundles', lambda);
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [
    pathOf('../bundling/bundle.ts'),
    pathOf(`../../lambdas/${lambda}.ts`),
    join(folder, 'index.mjs'),
  ]);
  return folder;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
