import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetCode } from 'aws-cdk-lib/aws-lambda';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Hello } from '../../../lambdas/runners/hello.ts';
import { LAMBDAS } from '../../../lib/adapters/aws/environment.ts';
import {
  type LambdaCodeProps,
  lambdaCode,
  SHIPPED_RUNNERS,
} from '../../../lib/deploy/constructs/lambda-code.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { smallStack } from './small-stack.ts';

/** Milliseconds that bundling may take on a busy machine. */
const BUNDLING = 120_000;

beforeAll(() => folderOf(), BUNDLING);
afterEach(() => vi.restoreAllMocks());

/** The folder of the code in a stack of its own app. */
function folderOf(props: Partial<LambdaCodeProps> = {}): string {
  const code = lambdaCode(smallStack(), { lambda: 'run', runners: SHIPPED_RUNNERS, files: {}, ...props });
  return code instanceof AssetCode ? code.path : '';
}

/** A folder of runners with that file. */
function runnersFolder(text: string): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'own.ts'), text);
  return folder;
}

it.each(LAMBDAS)('The code of the %s Lambda is a bundle with its source map', (lambda) => {
  const folder = folderOf({ lambda });
  expect(existsSync(join(folder, 'index.mjs'))).toBe(true);
  expect(existsSync(join(folder, 'index.mjs.map'))).toBe(true);
});

it('Two stacks with the same runners use the same bundles', () => {
  expect(folderOf()).toBe(folderOf());
});

it(
  'A bundle contains the runners of the given folder instead of the shipped ones',
  () => {
    const bundleOf = (runners: string) => readFileSync(join(folderOf({ runners }), 'index.mjs'), 'utf8');
    const text = 'the runners of this test';
    const runners = runnersFolder(`export class Own { static summary = '${text}'; run() {} }\n`);
    expect(bundleOf(runners)).toContain(text);
    expect(bundleOf(SHIPPED_RUNNERS)).not.toContain(text);
    expect(bundleOf(SHIPPED_RUNNERS)).toContain(Hello.summary);
  },
  BUNDLING,
);

it('A copy of the bundle contains the files, and a stack without files has the bundle alone', () => {
  const copy = folderOf({ files: { 'profiles.json': '{}' } });
  expect(readFileSync(join(copy, 'profiles.json'), 'utf8')).toBe('{}');
  expect(readFileSync(join(copy, 'index.mjs'))).toEqual(readFileSync(join(folderOf(), 'index.mjs')));
  expect(existsSync(join(folderOf(), 'profiles.json'))).toBe(false);
  expect(folderOf({ files: { 'profiles.json': '[]' } })).not.toBe(copy);
});

it(
  'Synthesis fails when the file of a runner cannot be bundled, and prints the reason that esbuild gives',
  () => {
    let printed = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
    const runners = runnersFolder("export { Own } from './absent.ts';\n");
    expect(() => folderOf({ runners })).toThrow('Command failed');
    expect(printed).toContain('Could not resolve "./absent.ts"');
  },
  BUNDLING,
);
