/** The port contracts against the emulator. `npm test` leaves them out, since it needs nothing outside of the repository. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/e2e/*.contract.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
