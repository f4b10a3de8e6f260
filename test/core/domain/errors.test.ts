import { expect, it } from 'vitest';
import { messageOf, NotFoundError } from '../../../lib/core/domain/errors.ts';

it.each([
  [new NotFoundError('It is gone.'), 'It is gone.'],
  [new TypeError(''), ''],
  ['no error', 'no error'],
  [undefined, 'undefined'],
])('The message of %s that was thrown is "%s"', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
