/** The text of a new runner, of its test, and of the list of runners with it. */

/** What the files here use, besides the globals of JavaScript. */
const USED = ['Runner', 'RunnerClass', 'EnvironFields', 'Readonly', 'Record'];

/** Its beginning, its entries, and its end. */
const LIST = /(export const runners\b[^=]*=\s*\{)([^}]*)(\})/;

/** The class of the runner of that name: `my-job` is `MyJob`, and `record`, as that is taken, `RecordRunner`. */
export function names(name: string): { readonly className: string } {
  const plain = name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return { className: USED.includes(plain) || plain in globalThis ? `${plain}Runner` : plain };
}

/** `isOwn`: it is written into cloudtab's own checkout, not into a project that uses it. */
export function runnerText(name: string, isOwn: boolean): string {
  const { className } = names(name);
  const from = isOwn ? '../../lib/runners/runner.ts' : 'cloudtab';
  return `/** What a cron with \`"name": "${name}"\` runs. */
import { type EnvironFields, Runner } from '${from}';

export class ${className} extends Runner {
  static readonly summary = 'Says what it is for; shown where crons are edited.';

  /** The settings that it understands. A cron that gives others is rejected when it is edited. */
  static readonly environ: EnvironFields = {
    who: { type: 'string', meaning: 'Whom to greet.', example: 'world' },
  };

  /** Returning nothing is OK, returning texts is WARN, throwing is FAILURE. */
  async run() {
    const { who = 'world' } = this.environ;
    this.log.info(\`Hello \${who}\`);
    return who === 'no one' ? 'There was no one to greet.' : undefined;
  }
}
`;
}

/** With vitest in cloudtab's own checkout, with Node's own tests elsewhere. */
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

it('warns when there is nobody', async () => {
  const { status, messages } = await tryRunner(${className}, { environ: { who: 'no one' } });
  ${equal('status', "'WARN'")}
  ${equal('messages', "['There was no one to greet.']")}
});
`;
}

/** A list without any runner. */
export function newIndex(isOwn: boolean): string {
  const from = isOwn ? '../../runners/runner.ts' : 'cloudtab';
  return `/** Your own runners, by the name that a cron gives. */
import type { RunnerClass } from '${from}';

export const runners: Readonly<Record<string, RunnerClass>> = {};
`;
}

/** What of the runner the list has already: its name, or its class. */
export function listed(text: string, name: string): 'name' | 'class' | undefined {
  const { className } = names(name);
  const entries = LIST.exec(text)?.[2] ?? '';
  if (new RegExp(`(?:^|[,\\s])['"]?${name}['"]?\\s*:`).test(entries)) return 'name';
  return new RegExp(`^import .*\\b${className}\\b`, 'm').test(text) ? 'class' : undefined;
}

/** The list with one more; nothing when it has another shape. */
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
