/** cloudtab in the emulated AWS: deployed and destroyed by the real CDK, from the app that people deploy. */
import { fail } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { OUTPUTS } from '../../lib/aws/outputs.ts';
import { run } from './command.ts';
import { ACCOUNT, PATH, REGION, ROOT } from './places.ts';
import { until } from './until.ts';

const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** What the stack tells about itself, by the keys of OUTPUTS. */
export type Outputs = { readonly [Key in keyof typeof OUTPUTS]: string };

export class Deployment {
  readonly #endpoint: string;
  readonly #folder: string;
  #stack = '';

  /** `folder` takes the assembly and the outputs. */
  constructor(endpoint: string, folder: string) {
    this.#endpoint = endpoint;
    this.#folder = folder;
  }

  /** Prepares the account, as it is done once for every account and region. */
  async bootstrap(): Promise<void> {
    // From a folder without an app: there is nothing to synthesise yet.
    await this.#cdk(this.#folder, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
  }

  /** Deploys the only stack of the app, and returns its outputs. */
  async deploy(): Promise<Outputs> {
    const file = join(this.#folder, 'outputs.json');
    const assembly = join(this.#folder, 'cdk.out');
    await this.#cdk(
      ROOT,
      'deploy',
      '--require-approval=never',
      `--outputs-file=${file}`,
      `--output=${assembly}`,
    );
    const stacks: Record<string, Record<string, string>> = JSON.parse(await readFile(file, 'utf8'));
    const [[stack, values] = ['', {}], ...more] = Object.entries(stacks);
    if (!stack || more.length > 0)
      throw new Error(`Expected one stack, got ${Object.keys(stacks).join(', ')}`);
    this.#stack = stack;
    return Object.fromEntries(
      Object.entries(OUTPUTS).map(([key, name]) => [
        key,
        values[name] ?? fail(`The stack has no output ${name}`),
      ]),
    ) as Outputs;
  }

  /** Destroys the stack, and returns when it is gone. */
  async destroy(): Promise<void> {
    const assembly = join(this.#folder, 'cdk.out');
    await this.#cdk(ROOT, 'destroy', '--force', this.#stack, '--app', assembly);
    const client = new CloudFormationClient({});
    // `cdk destroy` deletes the stack by its ARN, which MiniStack takes for an unknown name: nothing happens.
    await client.send(new DeleteStackCommand({ StackName: this.#stack }));
    await until('the stack is gone', 60, async () => {
      const status = await statusOf(client, this.#stack);
      if (status !== undefined && status !== 'DELETE_COMPLETE') fail(`It is in ${status}.`);
    });
  }

  async #cdk(cwd: string, ...args: string[]): Promise<void> {
    await run({
      program: process.execPath,
      args: [CDK, ...args, '--ci', '--progress=events', '--no-notices', '--no-color'],
      cwd,
      seconds: 120,
      env: {
        ...process.env,
        PATH,
        AWS_ENDPOINT_URL: this.#endpoint,
        CDK_DISABLE_CLI_TELEMETRY: 'true',
      },
    });
  }
}

async function statusOf(client: CloudFormationClient, stack: string): Promise<string | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    // CloudFormation calls a stack that does not exist an invalid value.
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}
