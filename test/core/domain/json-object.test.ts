import { expect, it } from 'vitest';
import { parseJsonObject } from '../../../lib/core/domain/json-object.ts';

it.each([
  ['{"a": 1}', { a: 1 }],
  ['[1]', undefined],
  ['null', undefined],
  ['{"a": ', undefined],
])('parseJsonObject of the text %s is %j', (text, object) => {
  expect(parseJsonObject(text)).toEqual(object);
});
