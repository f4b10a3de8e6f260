import { existsSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import {
  changeSettings,
  LOCAL_SETTINGS,
  limitsOf,
  readSettings,
} from '../../../lib/adapters/local/folder-settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DEFAULTS = { allowedHosts: [], retentionDays: 90 };

let dir: string;

beforeEach(() => {
  dir = tempFolder();
});

it('A change of a setting keeps the others, also in a folder without settings', () => {
  expect(readSettings(dir)).toEqual(DEFAULTS);
  changeSettings(dir, { retentionDays: 0 });
  changeSettings(dir, { allowedHosts: ['localhost:*'] });
  expect(readSettings(dir)).toEqual({ allowedHosts: ['localhost:*'], retentionDays: 0 });
});

it('The limits of a folder are its settings of the moment, and every public host', () => {
  const limits = limitsOf(dir);
  expect(limits).toEqual({ ...LOCAL_SETTINGS.limits, folder: dir });
  changeSettings(dir, { allowedHosts: ['http://nas.local'] });
  expect(limits.allowedHosts).toEqual([...LOCAL_SETTINGS.limits.allowedHosts, 'http://nas.local']);
});

it.each([
  '',
  'null',
  '{"allowedHosts": "x", "retentionDays": "7"}',
  '{"allowedHosts": [1], "retentionDays": 401}',
  '{"retentionDays": -1}',
  '{"retentionDays": 1.5}',
])('The file %j has no valid setting, so that each has its default', (text) => {
  writeFileSync(folderOf(dir).settings, text);
  expect(readSettings(dir)).toEqual(DEFAULTS);
});

it('A setting of a folder that is not valid leaves the others in force', () => {
  writeFileSync(folderOf(dir).settings, '{"allowedHosts": "x", "retentionDays": 7}');
  expect(readSettings(dir)).toEqual({ ...DEFAULTS, retentionDays: 7 });
});

it('The settings survive the loss of the state, and reading them writes nothing', () => {
  const { settings, database } = folderOf(dir);
  readSettings(dir);
  expect(existsSync(settings)).toBe(false);
  expect(settings).not.toContain('state');
  expect(database).toContain('state');
});
