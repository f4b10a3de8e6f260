/** A project that `cloudtab new` wrote, with the packed package: its own CDK deploys it, and its own command uses it. */
import { deepEqual, equal } from 'node:assert/strict';
import { join } from 'node:path';
import { run } from './command.ts';
import { PATH } from './places.ts';
import { step } from './report.ts';

const STACK = 'MyCrons';

/** `project` resolves with the path of the project. */
export async function deployPacked(project: Promise<string>): Promise<void> {
  const cwd = await step('npm installs the packed package into a new project', () => project);
  const cloudtab = async (...words: string[]) =>
    JSON.parse(await npx(cwd, 'cloudtab', ...words, '--stack', STACK, '--json'));
  await step('npx cdk deploy deploys a new project with its profile', async () => {
    const quiet = ['--ci', '--progress=events', '--no-notices', '--no-color'];
    await npx(cwd, 'cdk', 'deploy', '--require-approval=never', ...quiet);
    const { crons } = await cloudtab('ls');
    deepEqual(
      crons.map(({ uid }: { uid: string }) => uid),
      ['hello'],
    );
  });
  await step('The deployment runs the runner of the project', async () => {
    const { log } = await cloudtab('run', 'hello');
    equal(log.status, 'OK');
  });
}

/** Runs a command of the project, whose packages npx finds first. */
function npx(cwd: string, name: string, ...words: string[]): Promise<string> {
  return run({
    program: join(cwd, 'node_modules/.bin', name),
    args: words,
    cwd,
    seconds: 180,
    env: { ...process.env, PATH, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
}
