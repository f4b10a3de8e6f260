/** Generates the source of a new runner and of its test, and adds it to the list of runners. */

/** Names that the generated files import or declare. */
const RESERVED = ['Runner', 'RunnerClass', 'EnvironFields', 'Readonly', 'Record'];

/** The list of runners: its beginning, its entries and its end. */
const LIST = /(export const runners\b[^=]*=\s*\{)([^}]*)(\})/;

/** The class name of a runner: `MyJob` for `my-job`, and `RecordRunner` for `record`, because `Record` is reserved. */
export function names(name: string): { readonly className: string } {
  const plain = name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return { className: RESERVED.includes(plain) || plain in globalThis ? `${plain}Runner` : plain };
}

/** `isOwn`: the project is a checkout of cloudtab itself. */
export function runnerText(name: string, isOwn: boolean): string {
  const { className } = names(name);
  const from = isOwn ? '../../lib/runners/runner.ts' : 'cloudtab';
  return `/** The runner of crons with \`"name": "${name}"\`. */
import { type EnvironFields, Runner } from '${from}';

export class ${className} extends Runner {
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

/** The test uses vitest in a checkout of cloudtab, and `node:test` elsewhere. */
export function testText(name: string, isOwn: boolean): string {
  const { className } = names(name);
  const imports = isOwn
    ? `import { expect, it } from 'vitest';
import { ${className} } from '../../../lambdas/runners/${name}.ts';
import { tryRunner } from '../../../lib/surfaces/sdk/try-runner.ts';`
    : `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tryRunner } from 'cloudtab';
import { ${className} } from '../../../lambdas/runners/${name}.ts';`;
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

/** An empty list of runners. */
export function newIndex(isOwn: boolean): string {
  const from = isOwn ? '../../runners/runner.ts' : 'cloudtab';
  return `/** The runners of this project, by the name that crons use. */
import type { RunnerClass } from '${from}';

export const runners: Readonly<Record<string, RunnerClass>> = {};
`;
}

/** Whether the list already has the name of the runner, or its class. */
export function listed(text: string, name: string): 'name' | 'class' | undefined {
  const { className } = names(name);
  const entries = LIST.exec(text)?.[2] ?? '';
  if (new RegExp(`(?:^|[,\\s])['"]?${name}['"]?\\s*:`).test(entries)) return 'name';
  return new RegExp(`^import .*\\b${className}\\b`, 'm').test(text) ? 'class' : undefined;
}

/** The list with the runner added; undefined when its form is unknown. */
export function indexWith(text: string, name: string): string | undefined {
  const { className } = names(name);
  const found = LIST.exec(text);
  if (!found) return undefined;
  const [all, head = '', entries = '', tail = ''] = found;
  const entry =
    name === className.toLowerCase() && !name.includes('-')
      ? `${name}: ${className}`
      : `'${name}': ${className}`;
  const list = [...entries.split(',').map((one) => one.trim()), entry].filter((one) => one !== '');
  const inside = entries.includes('\n') ? `\n  ${list.join(',\n  ')},\n` : ` ${list.join(', ')} `;
  const imported = `import { ${className} } from './${name}.ts';`;
  const lastImport = [...text.matchAll(/^import .*$/gm)].at(-1);
  const index = lastImport ? lastImport.index + lastImport[0].length : 0;
  const withImport = `${text.slice(0, index)}${index > 0 ? '\n' : ''}${imported}${index > 0 ? '' : '\n'}${text.slice(index)}`;
  return withImport.replace(all, () => `${head}${inside}${tail}`);
}
