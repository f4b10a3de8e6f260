/** Generates the source of a new runner and of its test. */
import { pascalCase } from './new-name.ts';

/** Names that the generated files import. */
const RESERVED = ['Runner', 'EnvironFields'];

/** The class name of a runner: `MyJob` for `my-job`, and `DateRunner` for `date`, because `Date` is a global name. */
function classNameOf(name: string): string {
  const plain = pascalCase(name);
  return RESERVED.includes(plain) || plain in globalThis ? `${plain}Runner` : plain;
}

/** `library` is the module that exports `Runner`. */
export function runnerText(name: string, library: string): string {
  return `/** The runner of crons with \`"name": "${name}"\`. */
import { type EnvironFields, Runner } from '${library}';

export class ${classNameOf(name)} extends Runner {
  static readonly summary = 'Describes the runner; shown where users edit crons.';

  /** Its settings. Crons with other settings are rejected. */
  static readonly environ: EnvironFields = {
    who: { type: 'string', meaning: 'Name to greet.', example: 'world' },
  };

  /** The run is OK without a result, WARN with messages as the result, and FAILURE after an exception. */
  async run() {
    const { who = 'world' } = this.environ;
    this.log.info(\`Hello \${who}\`);
    return who === 'no one' ? 'There is no one to greet.' : undefined;
  }
}
`;
}

interface TestOptions {
  /** Whether the project is a checkout of cloudtab itself, which tests with vitest; others test with `node:test`. */
  readonly isOwn: boolean;
  /** The module of the runner, relative to the test. */
  readonly runner: string;
  /** The module that exports `tryRunner`. */
  readonly tryRunner: string;
}

export function testText(name: string, { isOwn, runner, tryRunner }: TestOptions): string {
  const className = classNameOf(name);
  const imports = isOwn
    ? `import { expect, it } from 'vitest';
import { ${className} } from '${runner}';
import { tryRunner } from '${tryRunner}';`
    : `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tryRunner } from '${tryRunner}';
import { ${className} } from '${runner}';`;
  const equal = (actual: string, expected: string) =>
    isOwn ? `expect(${actual}).toEqual(${expected});` : `assert.deepEqual(${actual}, ${expected});`;
  return `${imports}

it('greets', async () => {
  const { status, lines } = await tryRunner(${className}, { environ: { who: 'team' } });
  ${equal('status', "'OK'")}
  ${equal('lines.map(({ message }) => message)', "['Hello team']")}
});

it('warns when there is no one to greet', async () => {
  const { status, messages } = await tryRunner(${className}, { environ: { who: 'no one' } });
  ${equal('status', "'WARN'")}
  ${equal('messages', "['There is no one to greet.']")}
});
`;
}
