import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FileSecrets } from '../../../lib/adapters/local/file-secrets.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { makePipe } from '../../support/make-pipe.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it.each([
  ['hunter2', 'hunter2'],
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\n', 'hunter2'],
  [' two\nlines\n\n', ' two\nlines\n'],
  ['', ''],
])('FileSecrets reads the file content %j as %j', async (content, secret) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  await mkdir(join(folder.path, 'shop'));
  await writeFile(join(folder.path, 'shop', 'token'), content);
  expect(await new FileSecrets(folder.path).read('shop', 'token')).toBe(secret);
});

it('FileSecrets returns nothing for a missing file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  expect(await new FileSecrets(folder.path).read('shop', 'token')).toBeUndefined();
});

it('FileSecrets reports a file that it cannot read', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  const file = join(folder.path, 'shop', 'token');
  await mkdir(file, { recursive: true });
  await expect(new FileSecrets(folder.path).read('shop', 'token')).rejects.toThrow(
    new UnavailableError(
      `Cannot read the secret ${file}: EISDIR: illegal operation on a directory, read. Make it a readable file.`,
    ),
  );
});

it('FileSecrets reads 8 KB, and refuses a longer file, a link and a pipe', async () => {
  const folder = tempFolder();
  const secrets = new FileSecrets(folder);
  const file = join(folder, 'shop', 'token');
  await secrets.write('shop', 'token', 'x'.repeat(8192));
  expect(await secrets.read('shop', 'token')).toHaveLength(8192);
  await secrets.write('shop', 'token', 'x'.repeat(8194));
  await expect(secrets.read('shop', 'token')).rejects.toThrow(
    new ConfigurationError(
      `The secret ${file} is longer than 8192 bytes. Keep it elsewhere, and make a secret of what gives access to it.`,
    ),
  );
  symlinkSync(file, join(folder, 'shop', 'link'));
  await expect(secrets.read('shop', 'link')).rejects.toThrow('is a symbolic link');
  makePipe(join(folder, 'shop', 'pipe'));
  await expect(secrets.read('shop', 'pipe')).rejects.toThrow('is no regular file');
});

it('FileSecrets keeps secrets for the owner alone, lists their names, and removes them', async () => {
  const folder = join(tempFolder(), 'secrets');
  const secrets = new FileSecrets(folder);
  expect(await secrets.names('shop')).toEqual([]);
  await secrets.write('shop', 'token', 'hunter2-hunter2');
  await secrets.write('shop', 'api', 'correct horse');
  writeFileSync(join(folder, 'shop', '.draft'), '');
  mkdirSync(join(folder, 'shop', 'folder'));
  expect(await secrets.names('shop')).toEqual(['api', 'token']);
  expect(await secrets.read('shop', 'token')).toBe('hunter2-hunter2');
  const modes = [folder, join(folder, 'shop'), join(folder, 'shop', 'token')].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600]);
  expect(await secrets.remove('shop', 'token')).toBe(true);
  expect(await secrets.remove('shop', 'token')).toBe(false);
  expect(await secrets.names('shop')).toEqual(['api']);
});

it('FileSecrets names the file of a secret', () => {
  expect(new FileSecrets('/data/secrets').location('shop', 'token')).toBe(
    'the file /data/secrets/shop/token, with: cloudtab secret set token --site shop --dir /data',
  );
});
