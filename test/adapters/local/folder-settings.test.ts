import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LOCAL_SETTINGS, readSettings, writeSettings } from '../../../lib/adapters/local/folder-settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('The settings of a folder are those that were written last', () => {
  const file = join(tempFolder(), 'state', 'settings.json');
  expect(readSettings(file)).toEqual(LOCAL_SETTINGS);
  const limits = { ...LOCAL_SETTINGS.limits, allowedHosts: ['api.example.com'] };
  writeSettings(file, { limits, retentionDays: 0 });
  expect(readSettings(file)).toEqual({ limits, retentionDays: 0 });
});

it.each([
  '',
  'null',
  '{"allowedHosts": "x", "retentionDays": "7"}',
  '{"allowedHosts": [1], "retentionDays": 401}',
  '{"retentionDays": -1}',
  '{"retentionDays": 1.5}',
])('The file %j has no valid setting, so that each has its default', (text) => {
  const file = join(tempFolder(), 'settings.json');
  writeFileSync(file, text);
  expect(readSettings(file)).toEqual(LOCAL_SETTINGS);
});

it('A setting of a folder that is not valid leaves the others in force', () => {
  const file = join(tempFolder(), 'settings.json');
  writeFileSync(file, '{"allowedHosts": "x", "retentionDays": 7}');
  expect(readSettings(file)).toEqual({ ...LOCAL_SETTINGS, retentionDays: 7 });
});
