import { expect, it } from 'vitest';
import { targetFinding } from '../../../lib/core/domain/finding.ts';

it('A finding about the target concerns no parameter and is not fixable', () => {
  expect(targetFinding('The disk is full.', 'Make room.')).toEqual({
    code: 'place',
    what: 'The disk is full.',
    fix: 'Make room.',
    fixable: false,
  });
});
