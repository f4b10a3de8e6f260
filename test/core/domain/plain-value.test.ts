import { expect, it } from 'vitest';
import { plainValue } from '../../../lib/core/domain/plain-value.ts';

it('An error whose stack is no text keeps it as it is', () => {
  const error = Object.assign(new Error('broken'), { stack: 5 });
  expect(plainValue(error, (text) => text)).toMatchObject({ name: 'Error', message: 'broken', stack: 5 });
});
