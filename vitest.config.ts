import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts', 'lambdas/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: {
        lines: 95,
        'lib/domain/**': { 100: true },
        'lib/handlers/**': { 100: true },
      },
    },
  },
});
