/**
 * The examples of the documentation: each block of TypeScript is compiled and then executed unchanged, in a folder of its
 * own. Mocks answer for AWS.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describedStack } from '../support/described-deployment.ts';
import { answerAtFunctionUrl } from '../support/function-url.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { makeWorld, type World } from '../support/world.ts';
import { blocksOf, ROOT } from './markdown.ts';

const examples = blocksOf('ts');

/** Two levels below the root, as the runners in some examples are. */
let folder: string;
const cwd = process.cwd();
const cloudFormation = mockClient(CloudFormationClient);
let world: World;

beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'test', '.examples-'));
  for (const [index, { text }] of examples.entries()) {
    const source = text
      .replaceAll(`from 'cloudtab'`, `from '../../lib/index.ts'`)
      .replaceAll(`from 'cloudtab/runner'`, `from '../../lib/runners/runner.ts'`)
      .replaceAll(`from 'cloudtab/cdk'`, `from '../../lib/cdk.ts'`);
    writeFileSync(join(folder, `${index}.ts`), `${source}\nexport {};\n`);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
  world = makeWorld();
  answerAtFunctionUrl(world.ports);
  const mine = tempFolder();
  mkdirSync(join(mine, 'runners'));
  mkdirSync(join(mine, 'profiles'));
  writeFileSync(join(mine, 'profiles/shop.yaml'), 'crons: []\n');
  process.chdir(mine);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => {
  process.chdir(cwd);
  world.close();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

it('The documentation contains examples', () => {
  expect(examples.length).toBeGreaterThan(8);
});

it('The examples compile', () => {
  const config = {
    extends: '../../tsconfig.json',
    include: ['*.ts'],
    compilerOptions: { noUnusedLocals: false },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
}, 120_000);

it.each(examples.map(({ name, text }, index) => [name, text, index] as const))(
  'The example in %s prints the output that its comments state',
  async (_, text, index) => {
    const output: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...parts) => {
      output.push(parts.map((part) => (Array.isArray(part) ? `[${part.join()}]` : String(part))).join(' '));
    });
    await import(join(folder, `${index}.ts`));
    log.mockRestore();
    for (const [, comment = ''] of text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)) {
      const pattern = comment.split('…').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      expect(output.join('\n')).toMatch(new RegExp(pattern.join('.*')));
    }
  },
  120_000,
);
