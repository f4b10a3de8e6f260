/** cloudtab in the emulated AWS: the real CDK deploys and destroys the app of the project. */
import { equal } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cdk } from './cdk.ts';
import { ACCOUNT, REGION, ROOT } from './places.ts';

/** Prepares the account, which the CDK requires once for each account and region. */
export async function bootstrap(folder: string): Promise<void> {
  // In a folder without an app, the CDK synthesizes nothing.
  await cdk(folder, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
}

export class Deployment {
  readonly #folder: string;
  readonly #context: readonly string[];
  #stack = '';

  /** `folder` is for the assembly and the outputs, `context` has the options of the app. */
  constructor(folder: string, context: Readonly<Record<string, string>> = {}) {
    this.#folder = folder;
    const options = { ...context, profiles: this.profiles };
    this.#context = Object.entries(options).map(([name, value]) => `--context=${name}=${value}`);
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
    await cdk(ROOT, 'deploy', '--require-approval=never', ...files, ...this.#context);
    const stacks = Object.keys(JSON.parse(await readFile(file, 'utf8')));
    equal(stacks.length, 1, `the app has the stacks ${stacks.join(', ')}`);
    this.#stack = String(stacks[0]);
    return this.#stack;
  }

  /** Destroys the stack, and waits until it is deleted. */
  async destroy(): Promise<void> {
    const assembly = join(this.#folder, 'cdk.out');
    await cdk(ROOT, 'destroy', '--force', this.#stack, '--app', assembly);
  }
}
