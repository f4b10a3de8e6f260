/** The package as strangers get it: built and packed, which takes too long for `npm test`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/package/*.packed.ts'], testTimeout: 120_000, hookTimeout: 180_000 },
});
