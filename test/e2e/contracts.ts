/** Runs the contract suites of the ports on the AWS adapters, against the emulator at the endpoint of the environment. */
import { join } from 'node:path';
import { run } from './command.ts';
import { ROOT } from './places.ts';
import { note } from './report.ts';

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

export async function checkContracts(): Promise<void> {
  const output = await run({
    program: process.execPath,
    args: [VITEST, 'run', '--config', 'test/e2e/vitest.config.ts'],
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1' },
    seconds: 120,
  });
  note(/Tests +(.*)/.exec(output)?.[1] ?? output);
}
