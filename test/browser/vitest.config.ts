import { defineConfig } from 'vitest/config';

/** A person's acts take longer than a function's, and one browser serves them all. */
export default defineConfig({
  test: {
    include: ['test/browser/*.browser.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
