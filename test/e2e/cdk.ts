/** The real CDK, as a program. */
import { join } from 'node:path';
import { run } from './command.ts';
import { PATH, ROOT } from './places.ts';

const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** Runs a command of the CDK. The environment has the endpoint of AWS. Throws CommandError when it fails. */
export async function cdk(cwd: string, ...args: string[]): Promise<void> {
  await run({
    program: process.execPath,
    args: [CDK, ...args, '--ci', '--progress=events', '--no-notices', '--no-color'],
    cwd,
    seconds: 180,
    env: { ...process.env, PATH, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
}
