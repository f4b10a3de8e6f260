import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import {
  changeSettings,
  LOCAL_SETTINGS,
  limitsOf,
  readSettings,
} from '../../../lib/adapters/local/folder-settings.ts';
import { commandsRefusal } from '../../../lib/runners/limits.ts';
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
  expect(limits).toEqual({ ...LOCAL_SETTINGS.limits, folder: dir, allowCommands: true });
  changeSettings(dir, { allowedHosts: ['http://nas.local'] });
  expect(limits.allowedHosts).toEqual([...LOCAL_SETTINGS.limits.allowedHosts, 'http://nas.local']);
});

it('A folder runs commands for its owner alone, and the refusal says so', () => {
  mkdirSync(folderOf(dir).parameters, { recursive: true });
  const owner = process.getuid?.() ?? -1;
  expect(commandsRefusal(limitsOf(dir, owner))).toBeUndefined();
  expect(commandsRefusal(limitsOf(dir, owner + 1))).toBe(
    `The folder ${dir} belongs to another user, and commands run for the owner of the folder alone. Run cloudtab as that user, or give the folder to this one with chown.`,
  );
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
