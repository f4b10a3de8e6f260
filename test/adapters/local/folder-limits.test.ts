import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { folderLimits, readFolderLimits } from '../../../lib/adapters/local/folder-limits.ts';
import { changeSettings, readRetention } from '../../../lib/adapters/local/folder-settings.ts';
import { commandsRefusal, limitsOf } from '../../../lib/runners/limits.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ALL = { allowedHosts: [], allowedFunctions: ['*'], allowedUsers: ['*'], allowCommands: true };
const NOTHING = { allowedHosts: [], allowedFunctions: [], allowedUsers: [], allowCommands: false };

let dir: string;

beforeEach(() => {
  dir = tempFolder();
});

describe('the limits of a folder', () => {
  it('They are its settings of the moment, and every public host', () => {
    const limits = folderLimits(dir);
    const of = (site: string) => limitsOf(limits, site);
    expect(of('shop')).toMatchObject({ ...ALL, allowedHosts: ['*:*', 'http://*:*'], folder: dir });
    changeSettings(dir, {
      limits: { '*': { ...ALL, allowedUsers: [] }, shop: { allowedHosts: ['http://nas.local'] } },
    });
    expect(of('shop').allowedHosts).toEqual(['*:*', 'http://*:*', 'http://nas.local']);
    expect(of('blog').allowedHosts).toEqual(['*:*', 'http://*:*']);
    expect(of('shop').allowedUsers).toEqual([]);
  });

  it('Commands run for the owner of the folder alone, and the refusal says so', () => {
    mkdirSync(folderOf(dir).parameters, { recursive: true });
    const owner = process.getuid?.() ?? -1;
    expect(commandsRefusal(limitsOf(folderLimits(dir, owner), 'shop'))).toBeUndefined();
    expect(commandsRefusal(limitsOf(folderLimits(dir, owner + 1), 'shop'))).toBe(
      `The folder ${dir} belongs to another user, and commands run for the owner of the folder alone. Run cloudtab as that user, or give the folder to this one with chown.`,
    );
  });
});

it.each([
  '{"limits": 1, "retentionDays": 7}',
  '{"limits": {"*": {"allowedHosts": ["a/b"]}, "shop": {"allowedUsers": ["*"]}}, "retentionDays": 7}',
])(
  'Limits that are not valid, as in %j, allow nothing, leave other settings in force and are kept',
  (text) => {
    writeFileSync(folderOf(dir).settings, text);
    const { limits, problems } = readFolderLimits(dir);
    expect(limits).toEqual({ '*': NOTHING });
    expect(problems).toHaveLength(1);
    expect(readRetention(dir)).toBe(7);
    changeSettings(dir, { retentionDays: 8 });
    const stored = JSON.parse(readFileSync(folderOf(dir).settings, 'utf8'));
    expect(stored).toEqual({ ...JSON.parse(text), retentionDays: 8 });
  },
);
