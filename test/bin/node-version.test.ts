import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

it('nvm chooses the Node on which npm scripts run', () => {
  const [major] = JSON.parse(read('package.json')).devDependencies.node.split('.');
  expect(read('.nvmrc').trim()).toBe(major);
});

it('npm prints no warning for each package that wants another Node: the command says it in one line', () => {
  expect(read('.npmrc')).toMatch(/^loglevel=error$/m);
  expect(read('bin/cloudtab.js')).toContain('wanted 22.18 or later. Run nvm install 24,');
});
