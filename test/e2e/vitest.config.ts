/** The port contracts against the emulator: not for `npm test`, which needs nothing that is not in the repository. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/e2e/*.contract.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
