/** docs/security.md names every attack that is tested. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, readPage } from './markdown.ts';

it('The table of attacks names each file of test/attack', () => {
  const names = globSync('test/attack/*.{test,accounts}.ts', { cwd: ROOT }).map((file) =>
    basename(file).replace(/\..*/, ''),
  );
  const { text } = readPage('docs/security.md');
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
});
