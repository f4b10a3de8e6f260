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
import { InvalidError, UnavailableError } from '../../lib/domain/errors.ts';
import { FileVersions } from '../../lib/local/file-versions.ts';
import { FolderRegistry } from '../../lib/local/folder-registry.ts';
import { openDatabase } from '../../lib/local/sqlite-database.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { registryContract } from '../contracts/registry.ts';
import { tempFolder } from '../support/temp-folder.ts';

const KEY = { site: 'site', uid: 'a' };

registryContract('FolderRegistry', async () => {
  const dir = tempFolder();
  const database = openDatabase(join(dir, 'cloudtab.db'));
  return {
    registry: new FolderRegistry(join(dir, 'parameters'), new FileVersions(database)),
    async marked({ site, uid }, version) {
      const note = join(dir, 'parameters', site, uid === undefined ? 'crontab' : join('crons', uid));
      const file = `${note}.rejected.txt`;
      return existsSync(file) && readFileSync(file, 'utf8').startsWith(`Version ${version} of `);
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

/** Saves a file by hand, as an editor does that writes into it. */
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
  const found = await Array.fromAsync(registry.list());
  return found.map(({ site, uid }) => (uid === undefined ? site : `${site}/${uid}`));
}

describe('a file that a person saves', () => {
  test('is a parameter as it is, written when the file system says', async () => {
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
    ['by writing into it', () => save(file, '"new"')],
    [
      'by putting another file in its place',
      () => {
        save(`${file}~`, '"new"');
        renameSync(`${file}~`, file);
      },
    ],
    [
      'with an older file that was moved there',
      () => {
        save(`${file}.old`, '"new"');
        utimesSync(`${file}.old`, new Date('2001-01-01'), new Date('2001-01-01'));
        renameSync(`${file}.old`, file);
      },
    ],
    [
      'and gives it the time that it had, as cp -p does',
      () => {
        const { atime, mtime } = statSync(file);
        save(file, '"new"');
        utimesSync(file, atime, mtime);
      },
    ],
    [
      'by deleting it and making it anew',
      () => {
        rmSync(file);
        save(file, '"new"');
      },
    ],
  ])('is a later version when the person changes it %s', async (_, change) => {
    save(file, '"old"');
    const old = await present();
    change();
    const next = await present();
    expect(next.value).toBe('"new"');
    expect(next.version).toBe(old.version + 1);
    expect(next.modified).toBeGreaterThan(old.modified);
    expect(await present()).toEqual(next);
  });

  test.each<[string, () => void]>([
    ['changes who may read it', () => chmodSync(file, 0o600)],
    ['touches it', () => utimesSync(file, new Date(), new Date())],
    ['saves it as it was', () => save(file, '"old"')],
    [
      'puts its like in its place',
      () => {
        save(`${file}~`, '"old"');
        renameSync(`${file}~`, file);
      },
    ],
  ])('keeps its version when the person %s', async (_, change) => {
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

  test('has another version each time, however fast it is saved', async () => {
    const seen: Parameter[] = [];
    for (let n = 0; n < 100; n++) {
      save(file, `"${n % 10}"`);
      seen.push(await present());
    }
    expect(seen.map(({ version }) => version)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    const times = seen.map(({ modified }) => modified);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  test('is a later version also when the clock was set back since the last one', async () => {
    const future = Date.now() + 365 * 24 * 3_600_000;
    new FileVersions(database).seen('/parameters/site/crons/a', 'what it looked like', future, '{}');
    save(file, '"new"');
    expect(await present()).toMatchObject({ version: 2, modified: future + 1 });
  });

  test('keeps its version when the process ends and another one reads it', async () => {
    save(file, '"one"');
    await registry.read(KEY);
    save(file, '"two"');
    const before = await present();
    const other = new FolderRegistry(folder, new FileVersions(database));
    expect(await other.read(KEY)).toEqual(before);
    expect(before.version).toBe(2);
  });

  test('may begin with a byte order mark, as some editors for Windows have it', async () => {
    save(file, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{}')]));
    expect((await present()).value).toBe('{}');
  });

  test('is read up to 64 KB when it is longer, so that it is seen to be too long', async () => {
    save(file, 'x'.repeat(1024 * 1024));
    expect((await present()).value).toBe('x'.repeat(64 * 1024));
  });

  test('may be a link to a file elsewhere', async () => {
    save(join(folder, '..', 'elsewhere.json'), '"there"');
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(join(folder, '..', 'elsewhere.json'), file);
    const before = await present();
    expect(before.value).toBe('"there"');
    save(join(folder, '..', 'elsewhere.json'), '"then"');
    expect(await present()).toMatchObject({ value: '"then"', version: 2 });
  });
});

describe('what lies beside the parameters', () => {
  test('names are taken as they are, also when they cannot be a site or a uid', async () => {
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
  ])('a file called %s is not a parameter', async (name) => {
    save(file, '{}');
    save(join(dirname(file), name), '{}');
    expect(await keys()).toEqual(['site/a']);
  });

  test('neither are folders, files in other places, hidden sites and links that lead nowhere', async () => {
    mkdirSync(join(folder, 'site', 'crons', 'folder.json'), { recursive: true });
    mkdirSync(join(folder, 'empty-site'));
    save(join(folder, 'a.json'), '{}');
    save(join(folder, 'site', 'a.json'), '{}');
    save(join(folder, '.git', 'crons', 'a.json'), '{}');
    save(join(folder, 'file-site', 'crons'), 'not a folder');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'site', 'crons', 'link.json'));
    expect(await keys()).toEqual([]);
    expect(await registry.read({ site: 'site', uid: 'folder' })).toBeUndefined();
    expect(await registry.read({ site: 'site', uid: 'link' })).toBeUndefined();
    expect(await registry.read({ site: 'a.json', uid: 'a' })).toBeUndefined();
    await registry.remove({ site: 'site', uid: 'folder' });
    expect(readdirSync(join(folder, 'site', 'crons'))).toContain('folder.json');
  });

  test('a file that cannot be read harms no other, and says what is wrong when it is asked for', async () => {
    save(file, '{}');
    const loop = join(dirname(file), 'loop.json');
    symlinkSync(loop, loop);
    expect(await keys()).toEqual(['site/a']);
    await expect(registry.read({ site: 'site', uid: 'loop' })).rejects.toThrow(UnavailableError);
    await expect(registry.read({ site: 'site', uid: 'loop' })).rejects.toThrow(/could not be read.*ELOOP/);
  });
});

describe('writing', () => {
  test('leaves the file and nothing else behind', async () => {
    await registry.write(KEY, '"one"');
    await registry.write(KEY, '"two"');
    expect(readdirSync(dirname(file))).toEqual(['a.json']);
    expect(readFileSync(file, 'utf8')).toBe('"two"');
  });

  test('that fails leaves nothing behind and says why', async () => {
    mkdirSync(join(file, 'in the way'), { recursive: true });
    await expect(registry.write(KEY, '{}')).rejects.toThrow(UnavailableError);
    expect(readdirSync(dirname(file))).toEqual(['a.json']);
    save(join(folder, 'file-site'), '');
    await expect(registry.write({ site: 'file-site', uid: 'a' }, '{}')).rejects.toThrow(UnavailableError);
  });

  test('tells everything that is wrong with a name and a value at once', async () => {
    const refused = registry.write({ site: '.', uid: '../a' }, 'é'.repeat(4097));
    await expect(refused).rejects.toThrow(
      new InvalidError([
        {
          where: 'site',
          got: '"."',
          wanted: 'a file name without slashes that does not begin with a dot, of at most 200 bytes',
          cure: 'Choose another site.',
        },
        {
          where: 'uid',
          got: '"../a"',
          wanted: 'a file name without slashes that does not begin with a dot, of at most 200 bytes',
          cure: 'Choose another uid.',
        },
        {
          where: 'value',
          got: '8194 bytes',
          wanted: 'at most 8192 bytes',
          cure: 'Shorten it: keep what is long elsewhere, and let environ say where.',
        },
      ]),
    );
    expect(existsSync(folder)).toBe(false);
  });

  test.each(['a\\b', 'a\0b', '..', '.hidden', 'x'.repeat(201), '時'.repeat(67)])(
    'refuses the uid %j',
    async (uid) => {
      await expect(registry.write({ site: 'site', uid }, '{}')).rejects.toThrow(InvalidError);
      expect(await registry.read({ site: 'site', uid })).toBeUndefined();
      await registry.markRejected({ site: 'site', uid, value: '', version: 1, modified: 0 }, []);
    },
  );
});

describe('the note about a rejection', () => {
  const PROBLEMS = [
    { where: 'name', got: 'nothing', wanted: 'a runner', cure: 'Add a name.' },
    { where: 'periodicity', got: '"* *"', wanted: 'five fields', cure: 'Write five fields.' },
  ];
  const note = () => join(folder, 'site', 'crons', 'a.rejected.txt');

  test('lies beside the file and tells what, where, got, wanted, cure, and what is in force', async () => {
    save(file, '{}');
    const seen = new Date(statSync(file).ctimeMs).toISOString().slice(0, 19);
    await registry.markRejected(await present(), PROBLEMS);
    expect(readFileSync(note(), 'utf8')).toBe(`Version 1 of a.json, seen at ${seen}Z, was rejected.
The last good version stays in force; if there never was one, nothing is in force.

name
  got:    nothing
  wanted: a runner
  cure:   Add a name.

periodicity
  got:    "* *"
  wanted: five fields
  cure:   Write five fields.

Mend the file and save it: this note then goes away by itself.
`);
  });

  test('of a crontab lies beside the crontab', async () => {
    save(join(folder, 'site', 'crontab.json'), '{');
    const parameter = await registry.read({ site: 'site' });
    if (parameter) await registry.markRejected(parameter, PROBLEMS);
    expect(readdirSync(join(folder, 'site'))).toEqual(['crontab.json', 'crontab.rejected.txt']);
  });

  test('is not written for a version that was replaced in the meantime', async () => {
    save(file, '{');
    const old = await present();
    save(file, '{}');
    await registry.markRejected(old, PROBLEMS);
    expect(existsSync(note())).toBe(false);
  });

  test('that a person overwrote is taken away like any other', async () => {
    save(file, '{');
    save(note(), 'to do: mend this');
    await registry.unmarkRejected(KEY, 1);
    expect(existsSync(note())).toBe(false);
  });

  test('that cannot be read is told', async () => {
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(note(), note());
    await expect(registry.unmarkRejected(KEY, 1)).rejects.toThrow(UnavailableError);
  });
});
