import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests wait for disks and child processes now and then: as many files at once as there are processors.
    maxWorkers: '100%',
    // Some tests start processes, which takes its time on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Node loads bundles of Lambdas as they are, as it does on AWS.
    server: { deps: { external: [/\/index\.mjs$/] } },
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts', 'lambdas/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: {
        lines: 95,
        'lib/core/domain/**': { 100: true },
        'lib/core/engine/**': { 100: true },
        'lib/core/forecast/**': { 100: true },
      },
    },
  },
});
