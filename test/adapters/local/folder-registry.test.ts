import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileVersions } from '../../../lib/adapters/local/file-versions.ts';
import { FolderRegistry } from '../../../lib/adapters/local/folder-registry.ts';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { ConfigurationError, InvalidError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Parameter } from '../../../lib/core/ports/registry.ts';
import { registryContract } from '../../contracts/registry.ts';
import { makePipe } from '../../support/make-pipe.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const KEY = { site: 'site', uid: 'a' };

registryContract('FolderRegistry', async () => {
  const dir = tempFolder();
  const database = openDatabase(join(dir, 'cloudtab.db'));
  return {
    registry: new FolderRegistry(join(dir, 'parameters'), new FileVersions(database)),
    async marked({ site, uid }, version) {
      const note = join(dir, 'parameters', site, uid === undefined ? 'crontab' : join('crons', uid));
      const file = `${note}.rejected.txt`;
      // The version is the first number of the note.
      return existsSync(file) && /\d+/.exec(readFileSync(file, 'utf8'))?.[0] === String(version);
    },
    close: async () => database.close(),
  };
});

let folder: string;
let file: string;
let database: DatabaseSync;
let registry: FolderRegistry;

beforeEach(() => {
  const dir = tempFolder();
  folder = join(dir, 'parameters');
  file = join(folder, 'site', 'crons', 'a.json');
  database = openDatabase(join(dir, 'cloudtab.db'));
  registry = new FolderRegistry(folder, new FileVersions(database));
});
afterEach(() => database.close());

/** Writes into a file, as an editor does. */
function save(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function present(): Promise<Parameter> {
  const parameter = await registry.read(KEY);
  if (!parameter) throw new Error('the parameter is absent');
  return parameter;
}

async function keys(): Promise<string[]> {
  const parameters = await Array.fromAsync(registry.list());
  return parameters.map(({ site, uid }) => (uid === undefined ? site : `${site}/${uid}`));
}

describe('FolderRegistry, a file saved by an editor', () => {
  test('A file is a parameter with its content, and its time is that of the file system', async () => {
    save(file, '{"name": "heartbeat"}\n');
    const { ctimeMs } = statSync(file);
    expect(await registry.read(KEY)).toEqual({
      ...KEY,
      value: '{"name": "heartbeat"}\n',
      version: 1,
      modified: Math.floor(ctimeMs),
    });
  });

  test.each<[string, () => void]>([
    ['Writing into the file', () => save(file, '"new"')],
    [
      'Replacing the file by another one',
      () => {
        save(`${file}~`, '"new"');
        renameSync(`${file}~`, file);
      },
    ],
    [
      'Replacing the file by an older one',
      () => {
        save(`${file}.old`, '"new"');
        utimesSync(`${file}.old`, new Date('2001-01-01'), new Date('2001-01-01'));
        renameSync(`${file}.old`, file);
      },
    ],
    [
      'Writing into the file and restoring its time, as cp -p does,',
      () => {
        const { atime, mtime } = statSync(file);
        save(file, '"new"');
        utimesSync(file, atime, mtime);
      },
    ],
    [
      'Deleting the file and creating it again',
      () => {
        rmSync(file);
        save(file, '"new"');
      },
    ],
  ])('%s makes a later version', async (_, change) => {
    save(file, '"old"');
    const oldParameter = await present();
    change();
    const newParameter = await present();
    expect(newParameter.value).toBe('"new"');
    expect(newParameter.version).toBe(oldParameter.version + 1);
    expect(newParameter.modified).toBeGreaterThan(oldParameter.modified);
    expect(await present()).toEqual(newParameter);
  });

  test.each<[string, () => void]>([
    ['Changing the permissions of the file', () => chmodSync(file, 0o600)],
    ['Touching the file', () => utimesSync(file, new Date(), new Date())],
    ['Saving the file unchanged', () => save(file, '"old"')],
    [
      'Replacing the file by an equal one',
      () => {
        save(`${file}~`, '"old"');
        renameSync(`${file}~`, file);
      },
    ],
  ])('%s makes no version', async (_, change) => {
    save(file, '"older"');
    await present();
    save(file, '"old"');
    const before = await present();
    change();
    expect(await present()).toEqual(before);
    expect(await registry.history(KEY)).toHaveLength(2);
    save(file, '"new"');
    expect(await present()).toMatchObject({ value: '"new"', version: 3 });
  });

  test('Every save makes a version, however fast the saves follow each other', async () => {
    const parameters: Parameter[] = [];
    for (let n = 0; n < 100; n++) {
      save(file, `"${n % 10}"`);
      parameters.push(await present());
    }
    expect(parameters.map(({ version }) => version)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    const times = parameters.map(({ modified }) => modified);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  test('A save makes a later version even when the clock was set back since the last one', async () => {
    const future = Date.now() + 365 * 24 * 3_600_000;
    new FileVersions(database).observe('/parameters/site/crons/a', 'an earlier stamp', future, '{}');
    save(file, '"new"');
    expect(await present()).toMatchObject({ version: 2, modified: future + 1 });
  });

  test('A file keeps its version when another process reads it', async () => {
    save(file, '"one"');
    await registry.read(KEY);
    save(file, '"two"');
    const parameter = await present();
    const otherRegistry = new FolderRegistry(folder, new FileVersions(database));
    expect(await otherRegistry.read(KEY)).toEqual(parameter);
    expect(parameter.version).toBe(2);
  });

  test('A file may begin with a byte order mark, as some editors for Windows write it', async () => {
    save(file, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{}')]));
    expect((await present()).value).toBe('{}');
  });

  test('A file is read up to 64 KB, which is enough to detect that it is too long', async () => {
    save(file, 'x'.repeat(1024 * 1024));
    expect((await present()).value).toBe('x'.repeat(64 * 1024));
  });

  test('A link to another file is not followed, and neither is one to nowhere', async () => {
    save(join(folder, '..', 'elsewhere.json'), '"there"');
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(join(folder, '..', 'elsewhere.json'), file);
    const refusal = new ConfigurationError(
      `${file} is a symbolic link, and is not followed. Put the file itself there.`,
    );
    await expect(present()).rejects.toThrow(refusal);
    rmSync(join(folder, '..', 'elsewhere.json'));
    await expect(present()).rejects.toThrow(refusal);
  });

  test('A pipe is not opened', async () => {
    mkdirSync(dirname(file), { recursive: true });
    makePipe(file);
    await expect(present()).rejects.toThrow(
      new ConfigurationError(`${file} is no regular file, and is not opened. Remove it.`),
    );
  });
});

describe('FolderRegistry, other files', () => {
  test('A registry that is being listed says how many files it has read', async () => {
    for (let number = 0; number < 120; number++) save(join(folder, 'site', 'crons', `c${number}.json`), '{}');
    const seen = new Set<string>();
    for await (const _ of registry.list()) seen.add(`${registry.reading?.done} of ${registry.reading?.of}`);
    expect([...seen]).toEqual(['0 of 120', '50 of 120', '100 of 120']);
    expect(registry.reading).toBeUndefined();
  });

  test('A file with an invalid site or uid is listed under its name', async () => {
    for (const name of ['a copy', 'a.b', 'ünï', 'a (1)', 'A'])
      save(join(folder, 'My Site', 'crons', `${name}.json`), '{}');
    save(join(folder, 'My Site', 'crontab.json'), '{}');
    const uids = ['A', 'a (1)', 'a copy', 'a.b', 'ünï'];
    expect(await keys()).toEqual(['My Site', ...uids.map((uid) => `My Site/${uid}`)]);
    expect((await registry.read({ site: 'My Site', uid: 'a copy' }))?.value).toBe('{}');
  });

  test.each([
    '.a.json.swp',
    '.#a.json',
    '#a.json#',
    'a.json~',
    '4913',
    '.b.json',
    'a.json.bak',
    'a.txt',
    '.json',
    'JSON',
  ])('A file named %s is not a parameter', async (name) => {
    save(file, '{}');
    save(join(dirname(file), name), '{}');
    expect(await keys()).toEqual(['site/a']);
  });

  test('Folders, files in other places and hidden sites are not parameters', async () => {
    mkdirSync(join(folder, 'site', 'crons', 'folder.json'), { recursive: true });
    mkdirSync(join(folder, 'empty-site'));
    save(join(folder, 'a.json'), '{}');
    save(join(folder, 'site', 'a.json'), '{}');
    save(join(folder, '.git', 'crons', 'a.json'), '{}');
    save(join(folder, 'file-site', 'crons'), 'not a folder');
    expect(await keys()).toEqual([]);
    expect(await registry.read({ site: 'site', uid: 'folder' })).toBeUndefined();
    expect(await registry.read({ site: 'a.json', uid: 'a' })).toBeUndefined();
    await registry.remove({ site: 'site', uid: 'folder' });
    expect(readdirSync(join(folder, 'site', 'crons'))).toContain('folder.json');
  });

  test('A file that cannot be read affects no other file, and reading it fails with the reason', async () => {
    save(file, '{}');
    symlinkSync(file, join(dirname(file), 'link.json'));
    expect(await keys()).toEqual(['site/a']);
    await expect(registry.read({ site: 'site', uid: 'link' })).rejects.toThrow(ConfigurationError);
    const loop = join(folder, 'other');
    symlinkSync(loop, loop);
    await expect(registry.read({ site: 'other', uid: 'a' })).rejects.toThrow(UnavailableError);
    await expect(registry.read({ site: 'other', uid: 'a' })).rejects.toThrow(
      /Cannot read or write the parameters.*ELOOP/,
    );
  });
});

describe('FolderRegistry.write', () => {
  test('A write leaves the file and no other file behind', async () => {
    await registry.write(KEY, '"one"');
    await registry.write(KEY, '"two"');
    expect(readdirSync(dirname(file))).toEqual(['a.json']);
    expect(readFileSync(file, 'utf8')).toBe('"two"');
  });

  test('A write that fails leaves no file behind and throws UnavailableError', async () => {
    mkdirSync(join(file, 'in the way'), { recursive: true });
    await expect(registry.write(KEY, '{}')).rejects.toThrow(UnavailableError);
    expect(readdirSync(dirname(file))).toEqual(['a.json']);
    save(join(folder, 'file-site'), '');
    await expect(registry.write({ site: 'file-site', uid: 'a' }, '{}')).rejects.toThrow(UnavailableError);
  });

  test('A write reports all problems of a key and a value at once', async () => {
    const write = registry.write({ site: '.', uid: '../a' }, 'é'.repeat(4097));
    await expect(write).rejects.toThrow(
      new InvalidError([
        {
          where: 'site',
          got: '"."',
          wanted: 'a file name without slashes that does not begin with a dot, of at most 200 bytes',
          fix: 'Choose another site.',
        },
        {
          where: 'uid',
          got: '"../a"',
          wanted: 'a file name without slashes that does not begin with a dot, of at most 200 bytes',
          fix: 'Choose another uid.',
        },
        {
          where: 'value',
          got: '8194 bytes',
          wanted: 'at most 8192 bytes',
          fix: 'Store long texts elsewhere, and refer to them in "environ".',
        },
      ]),
    );
    expect(existsSync(folder)).toBe(false);
  });

  test.each(['a\\b', 'a\0b', '..', '.hidden', 'x'.repeat(201), '時'.repeat(67)])(
    'A write refuses the uid %j',
    async (uid) => {
      await expect(registry.write({ site: 'site', uid }, '{}')).rejects.toThrow(InvalidError);
      expect(await registry.read({ site: 'site', uid })).toBeUndefined();
      await registry.labelRejected({ site: 'site', uid, value: '', version: 1, modified: 0 }, []);
    },
  );
});

describe('FolderRegistry, rejection notes', () => {
  const PROBLEMS = [
    { where: 'name', got: 'nothing', wanted: 'a runner', fix: 'Add a name.' },
    { where: 'periodicity', got: '"* *"', wanted: 'five fields', fix: 'Write five fields.' },
  ];
  const note = () => join(folder, 'site', 'crons', 'a.rejected.txt');

  test('The note about a rejection lies beside the file and holds every problem and what is in force', async () => {
    save(file, '{}');
    const time = new Date(statSync(file).ctimeMs).toISOString().slice(0, 19);
    await registry.labelRejected(await present(), PROBLEMS);
    expect(readFileSync(note(), 'utf8')).toBe(`Version 1 of a.json, seen at ${time}Z, was rejected.
The last good version stays in force; if there never was one, nothing is in force.

name
  got:    nothing
  wanted: a runner
  fix:    Add a name.

periodicity
  got:    "* *"
  wanted: five fields
  fix:    Write five fields.

Fix the file and save it: cloudtab then deletes this note.
`);
  });

  test('The note about a rejected crontab lies beside its file', async () => {
    save(join(folder, 'site', 'crontab.json'), '{');
    const parameter = await registry.read({ site: 'site' });
    if (parameter) await registry.labelRejected(parameter, PROBLEMS);
    expect(readdirSync(join(folder, 'site'))).toEqual(['crontab.json', 'crontab.rejected.txt']);
  });

  test('No note is written for a version that was replaced meanwhile', async () => {
    save(file, '{');
    const oldParameter = await present();
    save(file, '{}');
    await registry.labelRejected(oldParameter, PROBLEMS);
    expect(existsSync(note())).toBe(false);
  });

  test('A note that a user edited is removed like any other', async () => {
    save(file, '{');
    save(note(), 'to do: fix this');
    await registry.unlabelRejected(KEY, 1);
    expect(existsSync(note())).toBe(false);
  });

  test('Removing a note that cannot be read fails with UnavailableError', async () => {
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(note(), note());
    await expect(registry.unlabelRejected(KEY, 1)).rejects.toThrow(UnavailableError);
  });
});
