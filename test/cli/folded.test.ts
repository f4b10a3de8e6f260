import { describe, expect, it } from 'vitest';
import { cut, folded, wrapped } from '../../lib/cli/folded.ts';

describe('folded text', () => {
  it('has a longer word on a line of its own', () => {
    expect(folded('a looooong b', 4)).toEqual(['a', 'looooong', 'b']);
    expect(folded('as wide as need be')).toEqual(['as wide as need be']);
  });

  it('is broken within words of wide characters, which take two columns', () => {
    expect(folded('日本語日本語 ok', 6)).toEqual(['日本語', '日本語', 'ok']);
    expect(folded('日本', 1)).toEqual(['日', '本']);
  });
});

describe('wrapped text', () => {
  it('keeps lines that fit, and the blanks that a longer one begins with', () => {
    expect(wrapped('a  b\n  one two three', 9)).toBe('a  b\n  one two\n  three');
  });

  it('is as it was where there is no terminal', () => {
    expect(wrapped('one two three', undefined)).toBe('one two three');
  });
});

it('a text is cut between characters, not within one', () => {
  expect(cut('日本語', 6)).toBe('日本語');
  expect(cut('日本語', 5)).toBe('日本…');
  expect(cut('👍🏽👍🏽👍🏽', 4)).toBe('👍🏽…');
});
