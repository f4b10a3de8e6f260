// cspell:ignore cdef
import { describe, expect, it } from 'vitest';
import { secretCommand, secretNameProblems, secretValueProblems } from '../../../lib/core/domain/secret.ts';

describe('secretValueProblems', () => {
  it.each(['12345678', 'x'.repeat(8192), 'two\nlines'])('A value of %# is accepted', (value) => {
    expect(secretValueProblems(value)).toEqual([]);
  });

  it.each([
    ['1234567', '7 characters', 'at least 8 characters'],
    ['', '0 characters', 'at least 8 characters'],
    ['x'.repeat(8193), '8193 bytes', 'at most 8192 bytes'],
    ['\u00e9'.repeat(4097), '8194 bytes', 'at most 8192 bytes'],
    ['a{{b}}cdef', '"{{"', 'a text without it, which Parameter Store rejects'],
  ])('The value %# is refused without being shown', (value, got, wanted) => {
    expect(secretValueProblems(value)).toMatchObject([{ where: 'value', got, wanted }]);
  });
});

it('The name of a secret has no slash and does not begin with a dot', () => {
  expect(secretNameProblems('api-token.2', 'shop')).toEqual([]);
  for (const name of ['', '.a', 'a/b', '../a', 'x'.repeat(65)])
    expect(secretNameProblems(name, 'shop')).toHaveLength(1);
});

it('The only secret of a deployment itself is that of the heartbeat', () => {
  expect(secretNameProblems('heartbeat', '_deployment')).toEqual([]);
  expect(secretNameProblems('api-token', '_deployment')).toMatchObject([{ wanted: '"heartbeat"' }]);
});

it('The command of a secret names its site, unless it is the default one', () => {
  expect(secretCommand('default', 'a')).toBe('cloudtab secret set a');
  expect(secretCommand('shop', 'a')).toBe('cloudtab secret set a --site shop');
  expect(secretCommand('_deployment', 'heartbeat')).toBe('cloudtab secret set heartbeat --deployment');
  expect(secretCommand('shop', 'a', '--stack S')).toBe('cloudtab secret set a --site shop --stack S');
});
