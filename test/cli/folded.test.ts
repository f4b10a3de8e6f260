import { describe, expect, it } from 'vitest';
import { cut, folded, wrapped } from '../../lib/cli/folded.ts';

describe('folded', () => {
  it('folded puts a word that is longer than the width on a line of its own', () => {
    expect(folded('a looooong b', 4)).toEqual(['a', 'looooong', 'b']);
    expect(folded('as wide as need be')).toEqual(['as wide as need be']);
  });

  it('folded breaks words of wide characters, each of which takes two columns', () => {
    expect(folded('日本語日本語 ok', 6)).toEqual(['日本語', '日本語', 'ok']);
    expect(folded('日本', 1)).toEqual(['日', '本']);
  });
});

describe('wrapped', () => {
  it('wrapped keeps lines that fit and the leading spaces of a longer line', () => {
    expect(wrapped('a  b\n  one two three', 9)).toBe('a  b\n  one two\n  three');
  });

  it('wrapped returns the text unchanged when there is no width', () => {
    expect(wrapped('one two three', undefined)).toBe('one two three');
  });
});

it('cut shortens a text between characters, not within one', () => {
  expect(cut('日本語', 6)).toBe('日本語');
  expect(cut('日本語', 5)).toBe('日本…');
  expect(cut('👍🏽👍🏽👍🏽', 4)).toBe('👍🏽…');
});
