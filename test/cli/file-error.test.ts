import { expect, it } from 'vitest';
import { fileReason } from '../../lib/cli/file-error.ts';

it('says in words why a file could not be read or written', () => {
  expect(fileReason(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))).toBe(
    'you may not do that',
  );
  expect(fileReason(new Error('the disk is on fire'))).toBe('the disk is on fire');
  expect(fileReason('fire')).toBe('fire');
});
