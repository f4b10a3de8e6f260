import { expect, it } from 'vitest';
import { fileReason } from '../../../lib/surfaces/cli/file-error.ts';

it('fileReason describes why a file could not be read or written', () => {
  const reasonFor = (code: string) => fileReason(Object.assign(new Error(`${code}: failed`), { code }));
  expect(reasonFor('ENOENT')).toBe('no such file or folder');
  expect(reasonFor('EISDIR')).toBe('it is a folder');
  expect(reasonFor('EACCES')).toBe('permission denied');
  expect(fileReason(new Error('the disk is on fire'))).toBe('the disk is on fire');
  expect(fileReason('fire')).toBe('fire');
});
