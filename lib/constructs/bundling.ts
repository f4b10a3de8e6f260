/**
 * How a Lambda is bundled, said once for the stack and for the test that weighs the bundles. Everything is inside, the
 * SDK too: it starts faster than the runtime's, and is the one that was tested.
 */
import { fileURLToPath } from 'node:url';
import type { LambdaName } from '../aws/environment.ts';

/** The Lambda's file. */
export function entryOf(lambda: LambdaName): string {
  return fileURLToPath(new URL(`../../lambdas/${lambda}.ts`, import.meta.url));
}

/** Options of esbuild that the stack and the test share. */
export const BUNDLE = {
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  // Some libraries are CommonJS and ask for Node's own modules by `require`, which a module does not have.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  // A stack trace tells the line of the source. The map lies beside the bundle and is read when an error is printed.
  sourceMap: true,
  sourcesContent: false,
} as const;
