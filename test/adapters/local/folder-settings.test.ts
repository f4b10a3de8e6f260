import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { changeSettings, readRetention } from '../../../lib/adapters/local/folder-settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let dir: string;

beforeEach(() => {
  dir = tempFolder();
});

it('A change of a setting keeps the others, also in a folder without settings', () => {
  const limits = { shop: { allowedHosts: ['localhost:*'] } };
  expect(readRetention(dir)).toBe(90);
  changeSettings(dir, { retentionDays: 0 });
  changeSettings(dir, { limits });
  expect(readRetention(dir)).toBe(0);
  expect(JSON.parse(readFileSync(folderOf(dir).settings, 'utf8'))).toEqual({ retentionDays: 0, limits });
});

it.each(['', 'null', '{"retentionDays": 401}', '{"retentionDays": -1}', '{"retentionDays": 1.5}'])(
  'The file %j has no valid retention, so that it has its default',
  (text) => {
    writeFileSync(folderOf(dir).settings, text);
    expect(readRetention(dir)).toBe(90);
  },
);

it('The settings survive the loss of the state, and reading them writes nothing', () => {
  const { settings, database } = folderOf(dir);
  readRetention(dir);
  expect(existsSync(settings)).toBe(false);
  expect(settings).not.toContain('state');
  expect(database).toContain('state');
});
