import { defineConfig } from 'vitest/config';

/** Actions in a browser are slow, and all tests share one browser. */
export default defineConfig({
  test: {
    include: ['test/browser/*.browser.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
