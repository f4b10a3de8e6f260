/** The evidence that docs/guarantees.md names exists. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORLDS } from '../exhaustive/worlds/worlds.ts';
import { ROOT, readPage } from './markdown.ts';

const [, promises = ''] = readPage('docs/guarantees.md').text.split('## What is promised');
const ROWS = (promises.split('## What is not promised')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').slice(1, -1));

function sourcesOf(pattern: string): string {
  return globSync(pattern, { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
}

const TESTS = sourcesOf('test/{contracts,core}/**/*.ts');
const INVARIANTS = sourcesOf('test/simulation/*.ts');

/** The evidence of a kind that the rows name. */
function named(pattern: RegExp): string[] {
  return ROWS.flatMap(([, , evidence = '']) => [...evidence.matchAll(pattern)].map(([, name = '']) => name));
}

describe('the guarantees', () => {
  it.each(ROWS.map(([promise = '', , evidence = '']) => [promise.trim(), evidence]))(
    'The promise "%s" has evidence',
    (_, evidence) => {
      expect(evidence).toMatch(/"[^"]+"|(?:world|invariant) `[^`]+`/);
    },
  );

  it.each(named(/"([^"]+)"/g))('The test "%s" exists', (name) => {
    expect(['it', 'test'].some((call) => TESTS.includes(`${call}('${name}'`))).toBe(true);
  });

  it.each(named(/world `([^`]+)`/g))('The world "%s" exists', (name) => {
    expect(WORLDS.map((world) => world.name)).toContain(name);
  });

  it.each(named(/invariant `([^`]+)`/g))('The invariant "%s" exists', (name) => {
    expect(INVARIANTS.includes(`'${name}'`)).toBe(true);
  });
});
