/**
 * Another account of this computer, or a program in a sandbox, that may write into a folder of crons or read its files:
 * other-account.accounts.ts lets one try.
 */
import crypto from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileCatalogue } from '../../lib/adapters/local/file-catalogue.ts';
import { FileSecrets } from '../../lib/adapters/local/file-secrets.ts';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { changeSettings } from '../../lib/adapters/local/folder-settings.ts';
import { type FolderPlace, openFolderTarget } from '../../lib/adapters/local/folder-target.ts';
import { LogFolder } from '../../lib/adapters/local/log-folder.ts';
import { writePrivate } from '../../lib/adapters/local/private-file.ts';
import { addCron } from '../../lib/app/operations/add-cron.ts';
import { makePipe } from '../support/make-pipe.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { runFolder } from '../support/running-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

let dir: string;
let victim: string;
let target: FolderPlace | undefined;

beforeEach(() => {
  dir = join(tempFolder(), 'crons');
  victim = join(tempFolder(), 'victim');
  writeFileSync(victim, 'private-text-of-the-owner');
});
afterEach(async () => {
  await target?.[Symbol.asyncDispose]();
  target = undefined;
});

async function open(logger = new MemoryLogger()): Promise<FolderPlace> {
  const running = await runFolder(dir, logger);
  const place = await openFolderTarget(dir, { logger });
  target = {
    ...place,
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    },
  };
  return target;
}

const secretsOf = () => new FileSecrets(folderOf(dir).secrets);
const CRON = { uid: 'a', name: 'heartbeat', periodicity: '@yearly' };

/** All files and folders below. */
function paths(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...paths(path)] : [path];
  });
}

/** Uses all that writes into the folder. */
async function useFolder(): Promise<void> {
  const { ports } = await open();
  await addCron(ports, 'default', CRON, { newSite: true });
  await ports.registry.write({ site: 'default', uid: 'b' }, '{"name": "none"}');
  await secretsOf().write('default', 'token', 'hunter2-hunter2');
  changeSettings(dir, { retentionDays: 5 });
  new LogFolder(folderOf(dir).logs).append(0, 'a line');
}

describe('Another account cannot read what belongs to the owner', () => {
  it('Every folder and file is made for the owner alone, whatever the umask is', async () => {
    const before = process.umask(0);
    try {
      await useFolder();
    } finally {
      process.umask(before);
    }
    const loose = [dir, ...paths(dir)].filter((path) => (lstatSync(path).mode & 0o077) !== 0);
    expect(loose.map((path) => path.slice(dir.length))).toEqual(['/.gitignore']);
    expect(existsSync(`${folderOf(dir).database}-wal`)).toBe(true);
  });

  it('A repository of the folder leaves out the state, the output and the secrets', async () => {
    await useFolder();
    expect(readFileSync(join(dir, '.gitignore'), 'utf8').split('\n')).toEqual([
      '/state/',
      '/logs/',
      '/secrets/',
      '',
    ]);
  });
});

describe('A link does not make the owner write or publish another file', () => {
  it('The text of a file that a cron is a link to is in no table, and other crons run', async () => {
    await useFolder();
    await target?.[Symbol.asyncDispose]();
    const crons = join(folderOf(dir).parameters, 'default', 'crons');
    symlinkSync(victim, join(crons, 'linked.json'));
    makePipe(join(crons, 'pipe.json'));
    const { ports, maintenance } = await open();
    const { crons: states } = await ports.store.readSite('default');
    expect(states.map(({ uid, job }) => [uid, job?.armedAt !== undefined])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(JSON.stringify(states)).not.toContain('private-text');
    const findings = (await maintenance.findings()).map(({ what }) => what);
    expect(findings).toEqual([
      `${join(crons, 'linked.json')} is a symbolic link, and is not followed.`,
      `${join(crons, 'pipe.json')} is no regular file, and is not opened.`,
    ]);
  });

  it('An edit replaces no file that a link leads to', async () => {
    await useFolder();
    const { ports } = target as FolderPlace;
    const file = join(folderOf(dir).parameters, 'default', 'crons', 'c.json');
    symlinkSync(victim, file);
    await ports.registry.write({ site: 'default', uid: 'c' }, '{}');
    expect(readFileSync(file, 'utf8')).toBe('{}');
    expect(readFileSync(victim, 'utf8')).toBe('private-text-of-the-owner');
  });

  it.each(['settings', 'token', 'catalogue', 'pid'] as const)('Nor does a write of the %s', async (name) => {
    const file = folderOf(dir)[name];
    mkdirSync(join(dir, 'state'), { recursive: true });
    symlinkSync(victim, file);
    await useFolder();
    expect(readFileSync(victim, 'utf8')).toBe('private-text-of-the-owner');
  });

  it('Nor does a link at the name of the draft that is renamed into place, even if that were known', () => {
    const file = folderOf(dir).settings;
    mkdirSync(dir, { recursive: true });
    vi.spyOn(crypto, 'randomBytes').mockImplementation(() => Buffer.alloc(12));
    onTestFinished(() => void vi.restoreAllMocks());
    symlinkSync(victim, join(dir, `.${'00'.repeat(12)}`));
    expect(() => writePrivate(file, 'text of the owner')).toThrow('EEXIST');
    expect(readFileSync(victim, 'utf8')).toBe('private-text-of-the-owner');
  });

  it('Nor does a log line, and the loss is reported', async () => {
    mkdirSync(folderOf(dir).logs, { recursive: true });
    symlinkSync(victim, join(folderOf(dir).logs, '1970-01-01.jsonl'));
    const warnings: string[] = [];
    new LogFolder(folderOf(dir).logs, (text) => warnings.push(text)).append(0, 'a line');
    expect(readFileSync(victim, 'utf8')).toBe('private-text-of-the-owner');
    expect(warnings).toHaveLength(1);
  });

  it('A secret is read through no link', async () => {
    mkdirSync(join(folderOf(dir).secrets, 'default'), { recursive: true });
    symlinkSync(victim, join(folderOf(dir).secrets, 'default', 'token'));
    await expect(secretsOf().read('default', 'token')).rejects.toThrow('is a symbolic link');
  });
});

it('Loose permissions do not stay unseen', async () => {
  await useFolder();
  const { secrets, logs, state } = folderOf(dir);
  const token = join(secrets, 'default', 'token');
  chmodSync(token, 0o644);
  chmodSync(logs, 0o755);
  chmodSync(state, 0o770);
  const found = await (target as FolderPlace).maintenance.findings();
  expect(found.map(({ what, fix }) => `${what} ${fix}`)).toEqual([
    `Permissions 0770 for ${state} are too open: other accounts of this computer may use it. Run: chmod 700 ${state}`,
    `Permissions 0755 for ${logs} are too open: other accounts of this computer may use it. Run: chmod 700 ${logs}`,
    `Permissions 0644 for ${token} are too open: other accounts of this computer may use it. Run: chmod 600 ${token}`,
  ]);
});

it('Nor does the right of others to change what runs, or what it may reach', async () => {
  await useFolder();
  const { functions, settings } = folderOf(dir);
  const runners = join(dir, '..', 'runners');
  const [functionFile, runnerFile] = [join(functions, 'report.mjs'), join(runners, 'report.ts')];
  mkdirSync(functions);
  mkdirSync(runners);
  for (const file of [functionFile, runnerFile]) writeFileSync(file, '');
  const published = { name: 'report', summary: '', file: runnerFile };
  await new FileCatalogue(folderOf(dir).catalogue).publish({ runners: [published], limits: {} });
  const all = [dir, settings, functions, functionFile, runners, runnerFile];
  for (const path of all) chmodSync(path, 0o775);
  const found = async () => (await (target as FolderPlace).maintenance.findings()).map(({ what }) => what);
  expect(await found()).toEqual([]);
  for (const path of all) chmodSync(path, 0o777);
  expect(await found()).toEqual(
    all.map(
      (path) => `Permissions 0777 for ${path} are too open: other accounts of this computer may change it.`,
    ),
  );
});

it('A secret that output reveals by trial does not stay unseen', async () => {
  const { maintenance } = await open();
  await secretsOf().write('default', 'pin', '1234567');
  await secretsOf().write('default', 'token', '12345678');
  const linked = join(folderOf(dir).secrets, 'default', 'linked');
  symlinkSync(victim, linked);
  expect((await maintenance.findings()).map(({ what }) => what)).toEqual([
    `${linked} is a symbolic link, and is not followed.`,
    `The secret ${join(folderOf(dir).secrets, 'default', 'pin')} has fewer than 8 characters: output of runs can reveal it by trial.`,
  ]);
});
