import { describe, expect, it } from 'vitest';
import { truncateToWidth, wrapText, wrapWords } from '../../../lib/surfaces/cli/wrap-text.ts';

describe('wrapWords', () => {
  it('wrapWords puts a word that is longer than the width on a line of its own', () => {
    expect(wrapWords('a longer b', 4)).toEqual(['a', 'longer', 'b']);
    expect(wrapWords('as wide as need be')).toEqual(['as wide as need be']);
  });

  it('wrapWords breaks words of wide characters, each of which takes two columns', () => {
    expect(wrapWords('日本語日本語 ok', 6)).toEqual(['日本語', '日本語', 'ok']);
    expect(wrapWords('日本', 1)).toEqual(['日', '本']);
  });
});

describe('wrapText', () => {
  it('wrapText keeps lines that fit and the leading spaces of a longer line', () => {
    expect(wrapText('a  b\n  one two three', 9)).toBe('a  b\n  one two\n  three');
  });

  it('wrapText returns the text unchanged when there is no width', () => {
    expect(wrapText('one two three', undefined)).toBe('one two three');
  });
});

it('truncateToWidth shortens a text between characters, not within one', () => {
  expect(truncateToWidth('日本語', 6)).toBe('日本語');
  expect(truncateToWidth('日本語', 5)).toBe('日本…');
  expect(truncateToWidth('👍🏽👍🏽👍🏽', 4)).toBe('👍🏽…');
});
