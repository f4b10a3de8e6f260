/** cloudtab in the emulated AWS: the real CDK deploys and destroys the app of the project. */
import { equal } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { ACCOUNT, PATH, REGION, ROOT } from './places.ts';

const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');

export class Deployment {
  readonly #folder: string;
  #stack = '';

  /** `folder` is for the assembly and the outputs. The environment has the endpoint of AWS. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Prepares the account, which the CDK requires once for each account and region. */
  async bootstrap(): Promise<void> {
    // In a folder without an app, the CDK synthesizes nothing.
    await this.#cdk(this.#folder, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
  }

  /** The folder of the profiles that the app deploys. */
  get profiles(): string {
    return join(this.#folder, 'profiles');
  }

  /** Deploys the only stack of the app, and returns its name. */
  async deploy(): Promise<string> {
    const file = join(this.#folder, 'outputs.json');
    const assembly = join(this.#folder, 'cdk.out');
    const files = [`--outputs-file=${file}`, `--output=${assembly}`];
    const context = [`--context=profiles=${this.profiles}`];
    await this.#cdk(ROOT, 'deploy', '--require-approval=never', ...files, ...context);
    const stacks = Object.keys(JSON.parse(await readFile(file, 'utf8')));
    equal(stacks.length, 1, `the app has the stacks ${stacks.join(', ')}`);
    this.#stack = String(stacks[0]);
    return this.#stack;
  }

  /** Destroys the stack, and waits until it is deleted. */
  async destroy(): Promise<void> {
    const assembly = join(this.#folder, 'cdk.out');
    await this.#cdk(ROOT, 'destroy', '--force', this.#stack, '--app', assembly);
  }

  async #cdk(cwd: string, ...args: string[]): Promise<void> {
    await run({
      program: process.execPath,
      args: [CDK, ...args, '--ci', '--progress=events', '--no-notices', '--no-color'],
      cwd,
      seconds: 120,
      env: { ...process.env, PATH, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
  }
}
