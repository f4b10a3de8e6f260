import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests start some fifty processes of Node: all but the first one find the modules compiled.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

/**
 * Files with a process of their own: they mock modules or whole classes of the SDK, change the working directory, or
 * execute bundles. Vitest starts these first, so the simulation, which takes longest, is one of them.
 */
const ISOLATED = [
  'test/adapters/aws/{clients,deployment-outputs,function-health,sqs-dead-letters,stack-secrets,stack-target}.test.ts',
  'test/adapters/local/folder-target.test.ts',
  'test/deploy/bundling/*.test.ts',
  'test/docs/examples.test.ts',
  'test/lambdas/entries.test.ts',
  'test/simulation/{oracle,simulation}.test.ts',
  'test/surfaces/cli/{apply,open,rm-asks,upkeep}.test.ts',
];

export default defineConfig({
  test: {
    // As many files at once as there are processors: some tests wait for disks and child processes.
    maxWorkers: '100%',
    // Some tests start processes, which takes longer on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Each process would take four seconds to load CDK's validation of templates, and its findings are only printed.
    // test/bin/app.test.ts switches it on.
    env: { CDK_VALIDATION: 'false' },
    // Node loads bundles of Lambdas unchanged, as it does on AWS.
    server: { deps: { external: [/\/index\.mjs$/] } },
    projects: [
      { extends: true, test: { name: 'isolated', include: ISOLATED } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ISOLATED,
          // To load the modules, above all the CDK, takes longer than most tests.
          isolate: false,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts', 'lambdas/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 100, functions: 100, 'lib/core/**': { 100: true } },
    },
  },
});
