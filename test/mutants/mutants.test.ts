/** Each mutant fits the current source. `npm run mutants` shows that each is killed. */
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { mutatedText } from './apply-mutant.ts';
import { MUTANTS } from './mutants.ts';

describe('the mutants', () => {
  it.each(MUTANTS)('The mutant "$name" fits $file and leaves valid TypeScript', (mutant) => {
    expect(() => stripTypeScriptTypes(mutatedText(mutant))).not.toThrow();
  });

  it('Mutants have different names', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('A mutant whose text is missing or ambiguous is rejected', () => {
    const mutant = {
      name: 'does something',
      file: 'lib/core/domain/claim.ts',
      to: '',
      killedBy: ['simulation'],
    } as const;
    expect(() => mutatedText({ ...mutant, from: 'no such text' })).toThrow('found it 0 times');
    expect(() => mutatedText({ ...mutant, from: 'const ' })).toThrow(/found it \d+ times/);
  });
});
