/** The package as users install it: building and packing it takes too long for `npm test`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/package/*.packed.ts'], testTimeout: 120_000, hookTimeout: 180_000 },
});
