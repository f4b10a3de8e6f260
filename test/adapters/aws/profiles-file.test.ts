import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROFILES_FILE, readProfilesFile } from '../../../lib/adapters/aws/profiles-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('readProfilesFile returns the text of the file in the folder', () => {
  const folder = tempFolder();
  writeFileSync(join(folder, PROFILES_FILE), '{"shop": 1}');
  expect(readProfilesFile(folder)).toBe('{"shop": 1}');
});

it('readProfilesFile returns an empty object for a folder without the file', () => {
  expect(readProfilesFile(tempFolder())).toBe('{}');
});

it('readProfilesFile throws when the file cannot be read', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, PROFILES_FILE));
  expect(() => readProfilesFile(folder)).toThrow('EISDIR');
});
