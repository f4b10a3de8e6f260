/** The CDK app of a user in the emulated AWS, with a runner that shows which code it is. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cdk } from './cdk.ts';
import { ROOT } from './places.ts';

export interface OwnAppProps {
  /** For the assembly, and for the files by which runs and test communicate. */
  readonly folder: string;
  /** Which code the runs have. */
  readonly code: number;
  /** The stream of the table that the stack `Heir` takes over. */
  readonly tableStreamArn?: string;
}

export class OwnApp {
  /** The path of the folder of runners. */
  readonly runners: string;
  readonly #assembly: string;

  private constructor({ folder, code }: OwnAppProps) {
    this.runners = join(folder, `runners-${code}`);
    this.#assembly = join(folder, `own-${code}.out`);
  }

  /** Synthesizes all stacks of own-stacks.ts once. */
  static async synthesize(props: OwnAppProps): Promise<OwnApp> {
    const app = new OwnApp(props);
    const { folder, code, tableStreamArn } = props;
    const module = JSON.stringify(join(ROOT, 'test/e2e/patient-runner.ts'));
    await mkdir(app.runners, { recursive: true });
    await writeFile(
      join(app.runners, 'patient.mts'),
      `import { patientRunner } from ${module};\n` +
        `export default patientRunner(${JSON.stringify({ folder, code })});\n`,
    );
    await cdk(
      ROOT,
      'synth',
      '--quiet',
      `--app=node ${join(ROOT, 'test/e2e/own-stacks.ts')}`,
      `--output=${app.#assembly}`,
      `--context=runners=${app.runners}`,
      ...(tableStreamArn === undefined ? [] : [`--context=tableStreamArn=${tableStreamArn}`]),
    );
    return app;
  }

  async deploy(stack: string): Promise<void> {
    await cdk(ROOT, 'deploy', stack, '--exclusively', '--require-approval=never', '--app', this.#assembly);
  }

  /** Destroys the stack, and waits until it is deleted. */
  async destroy(stack: string): Promise<void> {
    await cdk(ROOT, 'destroy', stack, '--exclusively', '--force', '--app', this.#assembly);
  }
}
