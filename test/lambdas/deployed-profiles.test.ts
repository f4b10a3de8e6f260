import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROFILES_FILE, readDeployedProfiles } from '../../lib/aws/deployed-profiles.ts';
import { tempFolder } from '../support/temp-folder.ts';

it('are those beside the code, or none', () => {
  const folder = tempFolder();
  expect(readDeployedProfiles(folder)).toEqual({});
  writeFileSync(join(folder, PROFILES_FILE), '{"shop": "{}"}');
  expect(readDeployedProfiles(folder)).toEqual({ shop: '{}' });
  mkdirSync(join(folder, 'other', PROFILES_FILE), { recursive: true });
  expect(() => readDeployedProfiles(join(folder, 'other'))).toThrow('EISDIR');
});
