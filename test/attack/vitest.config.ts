/** The attacks of another account, which need root: `npm test` has the others. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/attack/*.accounts.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
